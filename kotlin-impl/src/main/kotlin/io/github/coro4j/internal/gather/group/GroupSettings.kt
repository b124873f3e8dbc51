package io.github.coro4j.internal.gather.group

import io.github.coro4j.ProgressListener
import java.time.Duration

/** The settings of a plan for its group. */
internal data class GroupSettings(
    val name: String? = null,
    val concurrency: Int = Int.MAX_VALUE,
    val limit: SharedLimit? = null,
    val timeout: Duration? = null,
    val progress: ProgressListener? = null,
) {
    /** True if children may have to wait for a permit. */
    val isLimited: Boolean
        get() = limit != null || concurrency != Int.MAX_VALUE
}
