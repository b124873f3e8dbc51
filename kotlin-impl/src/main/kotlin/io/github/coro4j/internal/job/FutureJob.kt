@file:OptIn(
    InternalCoroutinesApi::class,
    ExperimentalCoroutinesApi::class,
)

package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.context.PropagationUser
import io.github.coro4j.internal.job.JobBits.DONE
import io.github.coro4j.spi.Label
import java.util.concurrent.CancellationException
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.selects.SelectClause1

/**
 * The job behind one future. It is a kotlinx `Deferred`, whose state alone says whether the future
 * is done or cancelling.
 *
 * It subclasses `AbstractCoroutine`, which kotlinx.coroutines marks as internal, because no public
 * class can be both a `Deferred` and the task itself. An `async` of a callable costs 224 bytes
 * instead of 56. It shows neither whether the body has begun nor which thread runs it (ADR 1).
 * `EngineInternalsTest` breaks when a member used here changes.
 *
 * No job has a kotlinx parent. A chain of attached jobs overflows the stack at a depth of some
 * hundreds, and a node in the parent's list costs another 48 bytes. A scope keeps its own list
 * ([JobList]) and has a `SupervisorJob`.
 */
internal abstract class FutureJob<T>(
    owner: JobOwner,
    context: CoroutineContext = EmptyCoroutineContext,
) : JobState<T>(owner, context), Deferred<T>, Awaitable, PropagationUser {
    /** True for a group. A cancel of several jobs marks groups before their members. */
    open val isMarkedFirst: Boolean
        get() = false

    /**
     * Returns the object that Java code holds. It is made on demand, because user code never sees
     * most children of a group by themselves.
     */
    fun handle(): JobHandle<T> = handle ?: installHandle(newHandle())

    protected open fun newHandle(): JobHandle<T> = scope.engine.futureOf(this)

    /** Returns a new [handle]. Call it before another thread can see this job. */
    internal fun handleUnshared(): JobHandle<T> = newHandle().also(::installHandleUnshared)

    // ---- names

    final override fun name(): String {
        label?.let {
            return it
        }
        return installLabel(owner.nameOf(this))
    }

    /** Replaces the name. An exception that has the former name keeps it. */
    fun rename(to: String) {
        label = to
        // publish, then re-check: pairs with FutureJob.onCancelled, which may have read the old
        // name
        failed?.name = to
    }

    /** The type of this job, for messages. A generated name begins with it. */
    override val kind: String
        get() = "future"

    /** How to stop this job after a wait that was too short, as a sentence without a full stop. */
    open val wayToStop: String
        get() = "To stop it as well, cancel it or use orTimeout"

    // ---- the end

    /**
     * The value, an [UnreadFailure] or a [CancelledEnd]. Read it only after the job's state, which
     * publishes it.
     */
    val end: Any?
        get() = slot

    val failed: UnreadFailure?
        get() = slot as? UnreadFailure

    fun outcome(): Outcome<T> = outcomeOf(end)

    /** Marks a failure as read, because the end was handed to code that can see it. */
    fun markRead() {
        when (val end = slot) {
            is UnreadFailure -> end.markRead()
            is GroupEnd -> end.markRead()
        }
    }

    protected fun succeed(value: T) = succeedAs(value, value)

    /** Succeeds with [end], which may be a [GroupEnd]. */
    protected fun succeedWith(end: Any?) = succeedAs(end, valueOf(end))

    /** Succeeds with [end], and gives kotlinx [state]. */
    @Suppress("UNCHECKED_CAST")
    protected fun succeedAs(end: Any?, state: Any?) {
        putSlot(end) // before the state changes, so that a reader of the state sees the end
        resumeWith(Result.success(state as T))
    }

    /**
     * Fails, or ends as cancelled if [exception] is a cancellation. Callers that need a failure
     * wrap it with [asFailure]. If the failure is taken over [from] another job, the scope of that
     * job reports it. [context] is for the report.
     */
    protected fun endWith(
        exception: Throwable,
        from: UnreadFailure? = null,
        context: FailureContext? = null,
    ) {
        putSlot(FailureSource.of(from, context))
        resumeWith(Result.failure(exception))
    }

    /** Ends as [source] has ended, with the same exception object. [own] replaces its context. */
    protected fun follow(source: FutureJob<*>, own: FailureContext? = null) =
        foldEnd(
            source.end,
            failed = {
                it.passOn { passed -> endWith(asFailure(it.exception), it, own ?: passed) }
            },
            cancelled = { if (isUnseen(it)) endUnseen() else endWith(it.cancellation) },
            succeeded = ::succeedWith,
        )

    /**
     * Ends as [source], which this job owns, has ended, or as cancelled if this job was cancelled.
     * If [source] failed while it stopped, this job fails (R7).
     */
    protected fun followUnlessCancelled(source: FutureJob<*>, own: FailureContext? = null) {
        if (isCancelled && source.failed == null && !isUnseen(source.end))
            endWith(getCancellationException())
        else follow(source, own)
    }

    /** Returns whether this job must end unseen, too, because its scope runs no callback either. */
    private fun isUnseen(end: Any?) =
        end is UnseenEnd && !(scope.isOpen() && scope.holdSurroundings())

    /**
     * Ends as cancelled, and drops the callbacks. No code could reach this job when the scope was
     * closed or the coroutine scope around it ended. After that no callback may run (R23, R28). See
     * [WeakJobList].
     */
    protected fun endUnseen() {
        callbacksOrNull()?.drop()
        val cancellation = TaskCancelledException(name(), "${scope.toLabel()} was closed")
        putSlot(UNSEEN)
        resumeWith(Result.failure(cancellation))
    }

    /** Handles a failure or a cancellation, once, before the state becomes final. */
    override fun onCancelled(cause: Throwable, handled: Boolean) {
        slot =
            if (cause is CancellationException) {
                val isUnseen = slot === UNSEEN
                whenThereIsHeap { if (isUnseen) UnseenEnd(cause) else CancelledEnd(cause) }
            } else unreadEnd(original(cause), slot)
        // publish, then re-check: pairs with FutureJob.rename
        failed?.name = name()
    }

    /**
     * Registers the failure with the scope in which it happened, unless that scope has reported.
     * The scope of a group may stay open for ever. A failure that was already reported is not
     * reported again (R16).
     */
    private fun unreadEnd(exception: Throwable, held: Any?): UnreadFailure {
        val source = held as? FailureSource
        val from = if (source != null) source.from else held as? UnreadFailure
        if (from == null) scope.engine.sharedFailures.ended(exception)
        val reporting = from?.scope?.takeUnless { it.hasReported } ?: scope
        val isReported = from != null && from.isReported
        return reporting.unread(this, exception, isReported, ownContext ?: source?.context)
    }

    /** The context for the report of a failure, if this job still holds it at its end. */
    protected open val ownContext: FailureContext?
        get() = null

    /** Handles the end, once, after the state has become final. Must not throw. */
    override fun afterCompletion(state: Any?) {
        noteDone()
        try {
            // publish, then re-check: pairs with FutureJob.watch
            if (watchers != null) callWatchers()
        } finally {
            // If the call of a watcher fails, the scope must still be able to close.
            leaveOwner()
        }
    }

    protected open fun noteDone() = note(DONE)

    protected open fun leaveOwner() = owner.ended(this)

    /**
     * Waits until this job is done if a thread is about to end it, in a few steps without user
     * code.
     */
    open fun awaitDecidedEnd() = Unit

    /** Adds this job to [jobs], and all jobs that live in the scope as parts of it. */
    open fun addTo(jobs: MutableList<FutureJob<*>>) {
        jobs.add(this)
    }

    /**
     * Returns whether [starter], which was cancelled together with this job, must wait for it
     * although the scope may not list it.
     */
    open fun endsBefore(starter: FutureJob<*>): Boolean = false

    /** Calls [visit] with each future that this one follows. */
    open fun eachSource(visit: (FutureJob<*>) -> Unit) = Unit

    /** Handles the end of a watched job, on the thread that ended it or that called [watch]. */
    open fun sourceEnded(source: FutureJob<*>) = Unit

    /**
     * Cancels this group because its reader stops reading. If the reader stops because the scope
     * has ended, this cancels only what lives in that scope (R20).
     */
    fun wantedNoMore(reason: String) {
        if (isCompleted) return
        if (scope.isEnding) scope.cancelIfEnding(this) else requestCancel(reason, interrupt = true)
    }

    /** Returns whether the end of [other] also ends this job's scope. */
    fun livesIn(other: JobScope): Boolean = other.isAround(scope)

    // ---- Awaitable

    final override val isOver: Boolean
        get() = isDone

    final override fun subscribe(waiter: Waiter) = watch(waiter)

    final override fun unsubscribe(waiter: Waiter) = unwatch(waiter)

    // ---- Deferred, for awaitAll and for Kotlin callers

    final override fun getCompleted(): T {
        check(isDone) { "This job has not completed yet" }
        return readValue()
    }

    /** Does what `Future.await` does. Throws the original exception, even in the debug mode. */
    final override suspend fun await(): T {
        if (!isDone) scope.engine.awaitEnd(this)
        return readValue()
    }

    /**
     * Returns the value, or throws the exception that the job ended with. Call it only after
     * completion. It throws the exception that would be the cause in the exception of `join`.
     */
    @Suppress("UNCHECKED_CAST")
    fun readValue(): T {
        markRead()
        return foldEnd(
            slot,
            failed = { throw Outcome.Failure<T>(it.exception).cause() },
            cancelled = { throw it.cancellation },
            succeeded = { valueOf(it) as T },
        )
    }

    @Suppress("UNCHECKED_CAST")
    override val onAwait: SelectClause1<T>
        get() = onAwaitInternal as SelectClause1<T>

    override fun propagatorFailed(exception: Throwable) =
        scope.report(FailureReport.Kind.PROPAGATOR_FAILED, this, exception)

    // ---- text

    /** Returns type and name for messages: `task "load"`. */
    final override fun toLabel(): String = Label.of(kind, name())

    final override fun toString(): String = scope.engine.describe(this)

    internal companion object {
        /** The slot of a job that is about to get an [UnseenEnd]. */
        private val UNSEEN = Any()
    }
}
