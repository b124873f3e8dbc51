package io.github.coro4j.interop.chaos

import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel

/**
 * A dispatcher that throws or refuses at one of its calls (R35). The first call starts a task, and
 * each later call resumes it.
 */
internal class UnrulyDispatcher(private val way: Int, private val turn: Int) :
    CoroutineDispatcher() {
    private val calls = AtomicInteger()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        if (calls.getAndIncrement() != turn) return Dispatchers.IO.dispatch(context, block)
        val failure = Marked.Rejection("refused by a dispatcher, call $turn")
        when (way) {
            0 -> throw failure
            // The dispatcher of a pool that is shut down does the same.
            1 -> {
                context.cancel(CancellationException("The task was rejected", failure))
                Dispatchers.IO.dispatch(context, block)
            }
            else -> {
                Dispatchers.IO.dispatch(context, block)
                throw failure
            }
        }
    }
}
