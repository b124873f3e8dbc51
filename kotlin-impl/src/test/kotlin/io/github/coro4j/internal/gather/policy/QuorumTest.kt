package io.github.coro4j.internal.gather.policy

import io.github.coro4j.Future
import io.github.coro4j.GatherPolicy.Decision.GO_ON
import io.github.coro4j.GatherPolicy.Decision.STOP
import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import java.io.IOException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** When a [Quorum] decides. */
class QuorumTest {
    private val engine = KotlinEngine()

    private fun success() = jobOf(engine.completed("value"))

    private fun failure() = jobOf(engine.failed(IOException("broken")))

    private fun jobOf(future: Future<String>): FutureJob<String> =
        (future as JobHandle<String>).job.also { it.markRead() }

    private fun Policy<String, *>.answers(vararg members: FutureJob<String>) = members.map {
        ended(-1, it)
    }

    // The thread of the first success may stop before it has published the decision.
    @Test
    fun eachSuccessDecidesOnceTheQuorumIsReached() {
        val size = 4
        assertEquals(
            listOf(STOP, STOP),
            FirstSuccess<String, Any>(size).answers(success(), success()),
        )
        assertEquals(
            listOf(GO_ON, GO_ON, STOP, STOP),
            AtLeast<String>(2, size).answers(failure(), success(), success(), success()),
        )
    }

    @Test
    fun eachFailureDecidesOnceTheQuorumCannotBeReached() {
        assertEquals(
            listOf(GO_ON, STOP, STOP),
            AtLeast<String>(2, 3).answers(failure(), failure(), failure()),
        )
    }

    @Test
    fun noFailureDecidesIfTheSizeIsUnknown() {
        assertEquals(
            listOf(GO_ON, GO_ON, STOP),
            AtLeast<String>(1, -1).answers(failure(), failure(), success()),
        )
    }
}
