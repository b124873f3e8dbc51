package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.context.BodyWithContext
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.BodyPhase.ENDED
import io.github.coro4j.internal.job.BodyPhase.NEW
import io.github.coro4j.internal.job.BodyPhase.QUEUED
import io.github.coro4j.internal.job.FailureContext
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.OwnerEnd
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.UnreadFailure
import io.github.coro4j.internal.job.isSuccess
import io.github.coro4j.internal.job.valueOf
import io.github.coro4j.internal.job.watch

/**
 * Runs a function on the end of another job, the source. It waits in phase NEW, and is dispatched
 * when the source has ended in the way that the function handles. It lives in the source's scope,
 * but is listed there only while it has work to do. So a future that is derived from a promise that
 * never ends keeps nothing alive.
 */
internal abstract class DerivedJob<S, T>(
    origin: FutureJob<S>,
    private val verb: String,
    function: Any,
) : BodyJob<T>(origin.scope.ownerOfStarted()) {
    /**
     * The source; null after the end, so that the end of a long chain does not keep its beginning.
     */
    @Volatile private var source: FutureJob<S>? = origin

    /** The function of the user; null after the end. */
    protected var function: Any? = function

    fun begin(): Future<T> {
        val from = source!!
        from.whileItsScopeIsOpen(verb) {
            label = derivedName(from, verb)
            // The slot holds what was captured until there is a body to wrap.
            scope.propagators?.let { putSlot(it.capture { notDerived(from) }) }
            owner.started(this)
            from.watch(this)
        }
        return handle()
    }

    /** Runs on the thread that ended the source, so it runs no user code. */
    override fun sourceEnded(source: FutureJob<*>) {
        @Suppress("UNCHECKED_CAST")
        ThreadState.runOrDefer(scope) { handleEnd(source as FutureJob<S>) }
    }

    /** Returns the function's argument, or null if the end of the source passes unchanged. */
    protected abstract fun given(end: Any?): Given?

    class Given(val value: Any?)

    /** Returns the value of a source that has succeeded, or null after another end. */
    protected fun givenValue(end: Any?): Given? = if (isSuccess(end)) Given(valueOf(end)) else null

    private fun handleEnd(from: FutureJob<S>) {
        val given = if (isCancelled) null else given(from.end)
        if (given == null) {
            val captured = slot
            if (casPhase(NEW, ENDED))
                followUnlessCancelled(from, FailureContext.of(scope.propagators, captured))
            return
        }
        val captured = slot
        slot = if (captured == null) given.value else BodyWithContext(captured, given.value)
        if (!scope.tryList(this)) {
            if (casPhase(NEW, ENDED)) endRefused()
        } else if (casPhase(NEW, QUEUED)) {
            // publish, then re-check: pairs with DerivedJob.deliverCancel, which leaves a job in
            // NEW to the source
            if (isCancelled) super.deliverCancel(null, interrupt = false)
            // A user's executor may run the function on the spot. That must not happen on the stack
            // of the thread that ended the source, which may be in the middle of a group's end.
            if (scope.onlyQueues) submit()
            else scope.executeHoldingOpen(scope.engine.pool) { submit() }
        }
    }

    /** Ends this job, whose scope takes no work any more, with the reason of that. */
    private fun endRefused() {
        scope.cancelIfEnding(this)
        val why = "${scope.toLabel()} was closed before it could begin"
        endWith(
            if (isCancelled) getCancellationException() else TaskCancelledException(name(), why)
        )
    }

    /**
     * Marks the source as read only now, so that a function that never runs leaves a failure
     * unread.
     */
    final override fun call(body: Any?): T {
        source?.markRead()
        return apply(body)
    }

    /** Applies the function. Runs user code. */
    protected abstract fun apply(given: Any?): T

    override fun deliverCancel(reason: String?, interrupt: Boolean) {
        // Done means that the work has ended (R2), so an unbegun derived job ends with its source.
        // If the source ends meanwhile, the thread that dispatches or runs this job sees the
        // cancel.
        if (phase != NEW) return super.deliverCancel(reason, interrupt)
        ThreadState.runOrDefer { restoringRequest { source?.requestCancel(reason, interrupt) } }
    }

    /**
     * Passes the end of the scope on to the source, but no cancel of the starter: that reaches the
     * source by itself if the same body has started it.
     */
    override fun ownerEnded(
        by: OwnerEnd,
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ) {
        if (phase != NEW) return super.ownerEnded(by, reason, interrupt, origin)
        if (markCancelling(reason, origin) && by == OwnerEnd.SCOPE)
            ThreadState.runOrDefer { source?.scopeEnded(reason, origin) }
    }

    override fun endsBefore(starter: FutureJob<*>): Boolean = phase != NEW && !isDone

    override fun eachSource(visit: (FutureJob<*>) -> Unit) {
        source?.let(visit)
    }

    override fun afterCompletion(state: Any?) {
        super.afterCompletion(state)
        forgetWork()
    }

    /** Releases the source and the function, once the function has run or never will. */
    protected fun forgetWork() {
        source = null
        function = null
    }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        val from = source
        if (from != null && !from.isCompleted) visit(from) else super.dependencies(visit)
    }
}

/**
 * Calls [derive], or throws if the scope of this job is closed. If this job has failed, a scope
 * that closes at the same time waits for [derive], and reports the derived failure (R16).
 */
internal inline fun FutureJob<*>.whileItsScopeIsOpen(verb: String, derive: () -> Unit) {
    val hasFailed = isCompleted && failed != null
    if (hasFailed) scope.holdOpen()
    try {
        scope.checkOpen { "derive a future by $verb() from ${toLabel()}" }
        derive()
    } finally {
        if (hasFailed) scope.release()
    }
}

internal fun notDerived(source: FutureJob<*>) = "nothing was derived from ${source.toLabel()}"

private const val MAX_DERIVED_NAME = 60

/** Returns a name that begins with the source's name. A long chain does not get a long name. */
internal fun derivedName(source: FutureJob<*>, verb: String): String {
    val name = source.name()
    return (if (name.length <= MAX_DERIVED_NAME) name else name.take(MAX_DERIVED_NAME) + ".") +
        "." +
        verb
}

internal class MapJob<S, T>(
    source: FutureJob<S>,
    function: ThrowingFunction<in S, out T>,
) : DerivedJob<S, T>(source, "map", function) {
    override fun given(end: Any?): Given? = givenValue(end)

    @Suppress("UNCHECKED_CAST")
    override fun apply(given: Any?): T =
        (function as ThrowingFunction<in S, out T>).apply(given as S)
}

internal class RecoverJob<T>(
    source: FutureJob<T>,
    function: ThrowingFunction<in Throwable, out T>,
) : DerivedJob<T, T>(source, "recover", function) {
    override fun given(end: Any?): Given? = if (end is UnreadFailure) Given(end.exception) else null

    @Suppress("UNCHECKED_CAST")
    override fun apply(given: Any?): T =
        (function as ThrowingFunction<in Throwable, out T>).apply(given as Throwable)
}
