package io.github.coro4j.internal

import io.github.coro4j.Promise
import io.github.coro4j.TaskCancelledException
import java.util.concurrent.CancellationException

/**
 * A job without a body. It ends when a caller completes, fails or cancels it. One compare-and-set
 * on the phase decides which call wins, before the state of kotlinx changes. If there are handlers,
 * kotlinx would let a cancel override a value that `complete` has already accepted.
 */
internal open class PromiseJob<T>(owner: Owner) : FutureJob<T>(owner) {
    override val kind: String
        get() = "promise"

    override fun newHandle(): FutureHandle<T> = PromiseHandle(this)

    /** Returns the promise that Java code holds. Only for a plain promise, not for subclasses. */
    fun promise(): Promise<T> = handleUnshared() as PromiseHandle<T>

    fun complete(value: T): Boolean = decide { succeed(value) }

    fun fail(exception: Throwable): Boolean = decide { endWith(asFailure(exception)) }

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean = decide { endWith(TaskCancelledException(name(), reason, origin)) }

    /** Does nothing, because a promise is cancelled and done in one step. */
    override fun ask(reason: String?, origin: CancellationException?): Boolean = !isDone

    /** Does nothing, because no time passes between the request and the end. */
    override fun onCancelRequest(reason: String?, interrupt: Boolean) = Unit

    protected inline fun decide(end: () -> Unit): Boolean {
        while (true) {
            if (advance(PENDING, DECIDED)) {
                try {
                    end()
                } catch (e: Throwable) {
                    // After an error of the JVM, such as a full stack, the next call decides if
                    // nothing has changed yet.
                    if (!isDone) advance(DECIDED, PENDING)
                    throw e
                }
                return true
            }
            if (isDone) return false
            // The winner is about to publish its end. A caller that gets "false" may rely on that
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
