package io.github.coro4j.internal

import io.github.coro4j.Promise
import io.github.coro4j.TaskCancelledException
import java.util.concurrent.CancellationException

/**
 * A job without a body: it ends when somebody says so. One compare-and-set on the phase decides who
 * (complete, fail or cancel), before kotlinx's state machine is asked: that one would let a cancel
 * override a value that `complete` has already reported as accepted, when there are handlers.
 */
internal open class PromiseJob<T>(owner: Owner) : FutureJob<T>(owner) {
    override val kind: String
        get() = "promise"

    override fun newHandle(): FutureHandle<T> = PromiseHandle(this)

    /** What Java holds; only for a promise of its own, not for the subclasses. */
    fun promise(): Promise<T> = handleUnshared() as PromiseHandle<T>

    fun complete(value: T): Boolean = decide { succeed(value) }

    fun fail(exception: Throwable): Boolean = decide { endWith(asFailure(exception)) }

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean = decide { endWith(TaskCancelledException(name(), reason, origin)) }

    /** There is no half-way: it is cancelled and done in one step. */
    override fun ask(reason: String?, origin: CancellationException?): Boolean = !isDone

    /** Done at once: there is no time between the request and the end. */
    override fun onCancelRequest(reason: String?, interrupt: Boolean) = Unit

    protected inline fun decide(end: () -> Unit): Boolean {
        while (true) {
            if (advance(PENDING, DECIDED)) {
                try {
                    end()
                } catch (e: Throwable) {
                    // An error of the JVM, such as a full stack: where nothing has changed yet, the
                    // next one decides.
                    if (!isDone) advance(DECIDED, PENDING)
                    throw e
                }
                return true
            }
            if (isDone) return false
            // The winner is about to make its end visible; whoever is told "false" may rely on that
            // end.
            Thread.yield()
        }
    }

    override fun dependencies(visit: (Awaited) -> Unit) = Unit

    protected companion object {
        const val PENDING = 0
        const val DECIDED = 1
    }
}
