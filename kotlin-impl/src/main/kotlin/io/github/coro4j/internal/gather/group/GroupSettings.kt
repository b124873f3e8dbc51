package io.github.coro4j.internal.gather.group

import io.github.coro4j.ProgressListener
import java.time.Duration

/** The settings of a plan for its group. */
internal data class GroupSettings(
    val name: String? = null,
    val concurrency: Int = Int.MAX_VALUE,
    val timeout: Duration? = null,
    val progress: ProgressListener? = null,
)
