package io.github.coro4j.internal.wait

import io.github.coro4j.BlockingGuard
import io.github.coro4j.BlockingGuard.Answer
import io.github.coro4j.internal.base.found
import java.util.ServiceLoader

/** Several guards as one. The strictest answer counts. */
internal class BlockingGuards private constructor(private val all: List<BlockingGuard>) :
    BlockingGuard {
    override fun mayBlock(awaited: String): Answer = all.maxOf { it.answerTo(awaited) }

    companion object {
        /** Finds the guards that the application provides as services, or null. */
        fun find(): BlockingGuard? {
            // R8 on Android can follow only this exact form of the call.
            val services =
                ServiceLoader.load(BlockingGuard::class.java, BlockingGuard::class.java.classLoader)
                    .iterator()
            val all = found(services, "blocking guard")
            return if (all.size < 2) all.firstOrNull() else BlockingGuards(all)
        }
    }
}

/** Returns the answer of this guard. A guard in Java may return null. */
internal fun BlockingGuard.answerTo(awaited: String): Answer {
    val answer: Answer? = mayBlock(awaited)
    return answer ?: Answer.ALLOW
}
