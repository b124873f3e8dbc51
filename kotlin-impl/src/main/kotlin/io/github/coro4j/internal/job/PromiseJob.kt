package io.github.coro4j.internal.job

import io.github.coro4j.Promise
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.job.JobBits.DONE
import io.github.coro4j.internal.job.JobBits.SELECTED
import io.github.coro4j.internal.job.PromisePhase.DECIDED
import io.github.coro4j.internal.job.PromisePhase.PENDING
import java.util.concurrent.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.selects.SelectClause1

/**
 * A job without a body. It ends when a caller completes, fails or cancels it. One compare-and-set
 * on the phase decides which call wins, before the state of kotlinx changes. If there are handlers,
 * kotlinx would let a cancel override a value that `complete` has already accepted.
 */
internal open class PromiseJob<T>(owner: JobOwner) : FutureJob<T>(owner) {
    override val kind: String
        get() = "promise"

    override fun newHandle(): JobHandle<T> = scope.engine.promiseOf(this)

    /** Returns the promise that Java code holds. Only for a plain promise, not for subclasses. */
    @Suppress("UNCHECKED_CAST") fun promise(): Promise<T> = handleUnshared() as Promise<T>

    fun complete(value: T): Boolean = decide {
        succeedAs(value, if (bits and SELECTED != 0) value else SUCCEEDED)
    }

    fun fail(exception: Throwable): Boolean = decide { endWith(asFailure(exception)) }

    override fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException?,
    ): Boolean = decide { endWith(TaskCancelledException(name(), reason, origin)) }

    /** Does nothing, because a promise is cancelled and done in one step. */
    override fun markCancelling(reason: String?, origin: CancellationException?): Boolean = !isDone

    /** Does nothing, because no time passes between the request and the end. */
    override fun deliverCancel(reason: String?, interrupt: Boolean) = Unit

    protected inline fun decide(end: () -> Unit): Boolean {
        while (true) {
            if (casPhase(PENDING, DECIDED)) {
                // No list of the scope has this job. So hold the scope open from before the end can
                // be seen until the callbacks are counted (R23).
                // publish, then re-check: pairs with CallbackLanes.add
                val hasCallbacks = callbacksOrNull() != null
                if (hasCallbacks) scope.holdOpen()
                try {
                    end()
                } catch (e: Throwable) {
                    // After an error of the JVM, such as a full stack, the next call decides if
                    // nothing has changed yet.
                    if (!isDone) casPhase(DECIDED, PENDING)
                    throw e
                } finally {
                    if (hasCallbacks) scope.release()
                }
                return true
            }
            if (isDone) return false
            // The winner is about to publish its end. A caller that gets "false" may rely on that
            // end.
            Thread.yield()
        }
    }

    /** Nothing else writes the bits once the phase is DECIDED, so this needs no compare-and-set. */
    override fun noteDone() = noteUnshared(DONE)

    override fun dependencies(visit: (Awaitable) -> Unit) = Unit

    override fun awaitDecidedEnd() {
        while (phase == DECIDED && !isDone) Thread.yield()
    }

    // ---- for `select` of Kotlin

    /**
     * The clause of kotlinx gives the state as the value. So this notes that the state must be the
     * value, as long as that is not decided. The flag and the decision are in one word, so the
     * thread that decides sees the flag.
     */
    final override val onAwait: SelectClause1<T>
        get() {
            if (casPhase(PENDING, PENDING or SELECTED)) return super.onAwait
            while (!isDone) Thread.yield() // the winner is about to publish its end
            val end = slot
            if (!isSuccess(end)) return super.onAwait
            @Suppress("UNCHECKED_CAST")
            return CompletableDeferred(valueOf(end) as T).onAwait
        }

    /** The class of [SUCCEEDED]. It has no interfaces. */
    private class Succeeded

    protected companion object {
        /**
         * The state of kotlinx for a promise with a value, which is in the slot. kotlinx asks
         * whether the state is of an interface of its own. The JVM answers that at once for a class
         * without interfaces, but takes 10 ns for an `Integer` or a `String`.
         */
        val SUCCEEDED: Any = Succeeded()
    }
}
