@file:OptIn(
    InternalCoroutinesApi::class,
    InternalForInheritanceCoroutinesApi::class,
    ExperimentalCoroutinesApi::class,
)

package io.github.coro4j.internal

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.spi.Exceptions
import io.github.coro4j.spi.Label
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.InternalForInheritanceCoroutinesApi
import kotlinx.coroutines.selects.SelectClause1

/** The owner of a job: a scope, or a group inside a scope. */
internal interface Owner {
    val scope: ScopeImpl

    /** Returns a name for a job that was given none. Called once per job, except in a race. */
    fun nameOf(job: FutureJob<*>): String

    /** Handles the end of a job. Its callbacks have been handed over. */
    fun ended(job: FutureJob<*>)
}

/**
 * The job behind one future. It is a kotlinx `Deferred`, whose state alone says whether the future
 * is done or cancelling.
 *
 * It subclasses `AbstractCoroutine`, which kotlinx.coroutines marks as internal, because no public
 * class can be both a `Deferred` and the task itself. An `async` of a callable costs 224 bytes
 * instead of 56, and tells neither whether the body has begun nor which thread runs it (ADR 1).
 * `EngineInternalsTest` breaks when a member used here changes.
 *
 * No job has a kotlinx parent. A chain of attached jobs overflows the stack at a depth of some
 * hundreds, and a node in the parent's list costs another 48 bytes. A scope keeps its own list
 * ([LiveJobs]) and is itself a `SupervisorJob`.
 *
 * To keep a task small, one field, [slot], holds what the current phase needs: the body, then the
 * [Runner], then the end.
 */
internal abstract class FutureJob<T>(
    @JvmField val owner: Owner,
    context: CoroutineContext = EmptyCoroutineContext,
) : AbstractCoroutine<T>(context, initParentJob = false, active = true), Deferred<T>, Awaited {
    @Volatile @JvmField internal var slot: Any? = null

    /** Null, one watcher, or a [WatcherList]. */
    @Volatile @JvmField internal var watchers: Any? = null
    @Volatile @JvmField internal var label: String? = null
    @Volatile @JvmField internal var handle: FutureHandle<T>? = null

    /**
     * Phase in the low bits, see the constants of [BodyJob]; above it what [LiveJobs] and
     * [OwnedGather] note here.
     */
    @Volatile @JvmField internal var bits = 0

    /**
     * Where the list of the owner has this job: a chunk of [LiveJobs], or the job before this one
     * in a [GrowingGather].
     */
    @JvmField internal var spot: Any? = null

    /** The job after this one in a [GrowingGather]. */
    @JvmField internal var next: FutureJob<*>? = null

    open val scope: ScopeImpl
        get() = owner.scope

    /**
     * Returns the object that Java code holds. It is made on demand, because user code never sees
     * most children of a group by themselves.
     */
    fun handle(): FutureHandle<T> = handle ?: installHandle()

    private fun installHandle(): FutureHandle<T> {
        HANDLE.compareAndSet(this, null, newHandle())
        return handle!!
    }

    protected open fun newHandle(): FutureHandle<T> = FutureHandle(this)

    /** Returns a new [handle]. Call it before another thread can see this job. */
    internal fun handleUnshared(): FutureHandle<T> = newHandle().also { HANDLE.lazySet(this, it) }

    // ---- names

    final override fun name(): String {
        label?.let {
            return it
        }
        LABEL.compareAndSet(this, null, owner.nameOf(this))
        return label!!
    }

    /** Replaces the name. An exception that has the former name keeps it. */
    fun rename(to: String) {
        label = to
        // publish, then look: pairs with onCancelled, which may have asked for the former name
        failed?.name = to
    }

    /** The type of this job, for messages. A generated name begins with it. */
    override val kind: String
        get() = "future"

    // ---- phases

    protected val phase: Int
        get() = bits and PHASE_MASK

    protected fun advance(from: Int, to: Int): Boolean {
        while (true) {
            val seen = bits
            if (seen and PHASE_MASK != from) return false
            if (BITS.compareAndSet(this, seen, seen and PHASE_MASK.inv() or to)) return true
        }
    }

    internal fun note(flags: Int) {
        while (true) {
            val seen = bits
            if (replaceBits(seen, seen or flags)) return
        }
    }

    protected fun replaceBits(seen: Int, next: Int): Boolean = BITS.compareAndSet(this, seen, next)

    /** Does what [note] does. Call it before another thread can see this job. */
    internal fun noteUnshared(flags: Int) = BITS.lazySet(this, bits or flags)

    /**
     * Stores without a fence, which would cost more than the rest of a trivial body. In every use a
     * compare-and-set, or the hand-over of the whole job, follows and publishes the store.
     */
    internal fun putSlot(content: Any?) = SLOT.lazySet(this, content)

    protected fun replaceSlot(seen: Any?, next: Any?): Boolean =
        SLOT.compareAndSet(this, seen, next)

    // ---- the end

    /**
     * Returns whether this job has completed. Faster than [isCompleted], which asks whether a value
     * is an `Incomplete`: for that the JVM searches all supertypes of the value (20 ns).
     */
    val isDone: Boolean
        get() = bits and DONE != 0 || isCompleted

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

    protected fun succeed(value: T) {
        putSlot(value) // before the state changes, so that a reader of the state sees the value
        resumeWith(Result.success(value))
    }

    /** Succeeds with [end], which may be a [GroupEnd]; see [succeed]. */
    @Suppress("UNCHECKED_CAST")
    protected fun succeedWith(end: Any?) {
        putSlot(end)
        resumeWith(Result.success(valueOf(end) as T))
    }

    /**
     * Fails, or ends as cancelled if [exception] is a cancellation. Callers that need a failure
     * wrap it with [asFailure]. If the failure is taken over [from] another job, the scope of that
     * job reports it.
     */
    protected fun endWith(exception: Throwable, from: UnreadFailure? = null) {
        putSlot(from)
        resumeWith(Result.failure(exception))
    }

    /** Ends as [source] has ended, with the same exception object. */
    @Suppress("UNCHECKED_CAST")
    protected fun follow(source: FutureJob<*>) {
        when (val end = source.end) {
            is UnreadFailure -> end.passOn { endWith(asFailure(end.exception), end) }
            is CancelledEnd -> if (isUnseen(end)) endUnseen() else endWith(end.cancellation)
            else -> succeedWith(end)
        }
    }

    /**
     * Ends as [source], which this job owns, has ended, or as cancelled if this job was cancelled.
     * If [source] failed while it stopped, this job fails (R7).
     */
    protected fun followUnlessCancelled(source: FutureJob<*>) {
        if (isCancelled && source.failed == null && !isUnseen(source.end))
            endWith(getCancellationException())
        else follow(source)
    }

    private fun isUnseen(end: Any?) = end is UnseenEnd && !scope.isOpen()

    /**
     * Ends as cancelled, and drops the callbacks. No code could reach this job when the scope was
     * closed, and a closed scope runs no callback (R23). See [DroppableJobs].
     */
    protected fun endUnseen() {
        callbacksOrNull()?.drop()
        val cancellation = TaskCancelledException(name(), "${scope.toLabel()} was closed")
        putSlot(UNSEEN)
        resumeWith(Result.failure(cancellation))
    }

    /** Called once, before the state becomes final, with the exception that won. */
    override fun onCancelled(cause: Throwable, handled: Boolean) {
        slot =
            if (cause is CancellationException) {
                val isUnseen = slot === UNSEEN
                whenThereIsHeap { if (isUnseen) UnseenEnd(cause) else CancelledEnd(cause) }
            } else unreadEnd(original(cause), slot as? UnreadFailure)
        // publish, then look again: pairs with rename
        failed?.name = name()
    }

    /**
     * Registers the failure with the scope in which it happened, unless that scope has reported.
     * The scope of a group may stay open for ever. A failure that was already reported is not
     * reported again (R16).
     */
    private fun unreadEnd(exception: Throwable, from: UnreadFailure?): UnreadFailure {
        if (from == null) scope.engine.sharedFailures.ended(exception)
        val reporting = from?.scope?.takeUnless { it.hasReported } ?: scope
        return reporting.unread(this, exception, isTold = from != null && from.isTold)
    }

    /** Called once, when the state is final. Must not throw, and runs no user code. */
    override fun afterCompletion(state: Any?) {
        noteDone()
        try {
            if (watchers != null) tellWatchers()
        } finally {
            // If a watcher cannot be told, the scope must still be able to close.
            leaveOwner()
        }
    }

    protected open fun noteDone() = note(DONE)

    protected open fun leaveOwner() = owner.ended(this)

    /** Adds this job to [jobs], and all jobs that live in the scope as parts of it. */
    open fun addTo(jobs: MutableList<FutureJob<*>>) {
        jobs.add(this)
    }

    /** Handles the end of a watched job, on the thread that ended it or that called [watch]. */
    open fun sourceEnded(source: FutureJob<*>) = Unit

    internal fun replaceWatchers(seen: Any?, next: Any?): Boolean =
        WATCHERS.compareAndSet(this, seen, next)

    // ---- cancelling

    /**
     * Requests a cancel (R4). The request is sticky, and the first reason wins. [origin] is the
     * cancellation of the scope or group that passes the request on.
     *
     * @return true unless this job was done
     */
    open fun requestCancel(
        reason: String?,
        interrupt: Boolean,
        origin: CancellationException? = null,
    ): Boolean {
        if (!ask(reason, origin)) return false
        passOnIfNew(reason, interrupt)
        return true
    }

    /** Calls [requestCancel] if the stack has room, because user code may have filled it. */
    fun cancelFromUser(
        reason: String?,
        interrupt: Boolean = true,
        origin: CancellationException? = null,
    ): Boolean {
        StackRoom.require()
        return requestCancel(reason, interrupt, origin)
    }

    protected fun passOnIfNew(reason: String?, interrupt: Boolean) {
        if (isNewRequest(interrupt)) restoringRequest { onCancelRequest(reason, interrupt) }
    }

    /**
     * Runs [step], which passes a request on. If an error of the JVM, such as a full stack,
     * interrupts it, the next request counts as the first.
     */
    protected inline fun restoringRequest(step: () -> Unit) {
        try {
            step()
        } catch (e: Throwable) {
            forgetRequests()
            throw e
        }
    }

    protected fun forgetRequests() {
        while (true) {
            val seen = bits
            if (BITS.compareAndSet(this, seen, seen and (ASKED or INTERRUPT_ASKED).inv())) return
        }
    }

    /**
     * Cancels this job because its scope was cancelled or closed. Of the jobs that this one depends
     * on, this cancels only those that live in that scope (R20).
     */
    open fun scopeEnded(reason: String?, origin: TaskCancelledException?) {
        requestCancel(reason, interrupt = true, origin)
    }

    /**
     * Cancels this group because its reader stops reading. If the reader stops because the scope
     * has ended, this cancels only what lives in that scope (R20).
     */
    fun wantedNoMore(reason: String) {
        if (isCompleted) return
        if (scope.isCancelled) scope.cancelIfCancelled(this)
        else requestCancel(reason, interrupt = true)
    }

    /** Returns whether the end of [other] also ends this job's scope. */
    fun livesIn(other: ScopeImpl): Boolean = other.isAround(scope)

    /** True if a request was made to this job itself, and not only to its scope. */
    protected val wasAsked: Boolean
        get() = bits and ASKED != 0

    /** True if a request with an interrupt was made. A later request passes itself on. */
    protected val isInterruptAsked: Boolean
        get() = bits and INTERRUPT_ASKED != 0

    /**
     * Returns false if an equal request was made before, and so was passed on. Passing it on again
     * would never end if futures depend on each other in a circle, and takes long in diamonds.
     */
    protected fun isNewRequest(interrupt: Boolean): Boolean {
        val flag = if (interrupt) INTERRUPT_ASKED or ASKED else ASKED
        while (true) {
            val seen = bits
            if (seen and flag == flag) return false
            if (BITS.compareAndSet(this, seen, seen or flag)) return true
        }
    }

    /**
     * Does the first half of a request: makes the state cancelling, but stops nothing yet. Returns
     * false if the job was done.
     */
    open fun ask(reason: String?, origin: CancellationException?): Boolean {
        if (isDone) return false
        // If the job is already cancelling, the first request stays. Adding another exception would
        // only cost memory.
        if (isCancelled || cancelCoroutine(TaskCancelledException(name(), reason, origin)))
            return true
        // Too late: the thread that ends the job is about to publish the end. A caller that gets
        // "false" may rely on that end.
        while (!isCompleted) Thread.yield()
        return false
    }

    /**
     * True if a cancel was requested and the job has not ended. A job that is just failing counts
     * as cancelled in kotlinx, but not here.
     */
    val isCancelRequested: Boolean
        get() = isCancelled && !isCompleted && getCancellationException() is TaskCancelledException

    /** Stops the work. The state is cancelling now. Later requests may call this again. */
    protected abstract fun onCancelRequest(reason: String?, interrupt: Boolean)

    /**
     * Handles a cancel from Kotlin code that holds this as a `Deferred`. It is the same request.
     */
    final override fun cancelInternal(cause: Throwable) {
        if (isRefusal(cause)) return
        val given = cause as? CancellationException
        val message = Exceptions.message(cause)
        if (message === NO_REASON) cancelFromUser(null)
        else if (given is TaskCancelledException) cancelFromUser(given.reason(), origin = given)
        else cancelFromUser(message, origin = given)
    }

    /**
     * Returns whether [cause] comes from a dispatcher that refused the coroutine by cancelling it.
     * Such a refusal is already handled.
     */
    protected open fun isRefusal(cause: Throwable): Boolean = false

    /** Returns the message of the cancellation that kotlinx makes if the caller gives none. */
    override fun cancellationExceptionMessage(): String = NO_REASON

    // ---- Awaited

    final override val isOver: Boolean
        get() = isDone

    final override fun subscribe(wake: Wake) = watch(wake)

    final override fun unsubscribe(wake: Wake) = unwatch(wake)

    final override fun queuedOn(executor: Executor): BodyJob<*>? =
        Circles.queuedBehind(this, executor)

    // ---- Deferred, for awaitAll and for Kotlin callers

    final override fun getCompleted(): T {
        check(isDone) { "This job has not completed yet" }
        return readValue()
    }

    /** Does what `Future.await` does. Throws the original exception, even in the debug mode. */
    final override suspend fun await(): T {
        awaitEnd()
        return readValue()
    }

    /**
     * Returns the value, or throws the exception that the job ended with. Call it only after
     * completion. It throws the exception that would be the cause in the exception of `join`.
     */
    @Suppress("UNCHECKED_CAST")
    fun readValue(): T {
        markRead()
        return when (val end = slot) {
            is UnreadFailure -> throw Outcome.Failure<T>(end.exception).cause()
            is CancelledEnd -> throw end.cancellation
            else -> valueOf(end) as T
        }
    }

    @Suppress("UNCHECKED_CAST")
    override val onAwait: SelectClause1<T>
        get() = onAwaitInternal as SelectClause1<T>

    // ---- text

    /** Returns type and name for messages: `task "load"`. */
    final override fun toLabel(): String = Label.of(kind, name())

    final override fun toString(): String = describe(this)

    internal companion object {
        /**
         * Makes all jobs cancelling before it stops any. So no job begins because another one has
         * stopped, and no group mistakes the cancel of a child together with the group for a
         * failure.
         */
        fun cancelAll(
            jobs: Iterable<FutureJob<*>>,
            reason: String?,
            interrupt: Boolean,
            origin: CancellationException?,
        ) {
            askAll(jobs, reason, origin)
            jobs.iterator().forEachDespiteErrors { it.requestCancel(reason, interrupt, origin) }
        }

        fun askAll(
            jobs: Iterable<FutureJob<*>>,
            reason: String?,
            origin: CancellationException?,
        ) {
            jobs.iterator().forEachDespiteErrors {
                if (it is GroupJob<*, *>) it.ask(reason, origin)
            }
            jobs.iterator().forEachDespiteErrors { it.ask(reason, origin) }
        }

        /** The slot of a job that is about to get an [UnseenEnd]. */
        private val UNSEEN = Any()

        /** Compared by identity, because a user may give the same text as a reason. */
        private val NO_REASON = String("cancelled".toCharArray())

        /** The phases 0 to 7 of [BodyJob]. */
        const val PHASE_MASK = 0x7

        /** Set once the state is final; see [isDone]. */
        const val DONE = 0x8
        private const val ASKED = 0x40
        private const val INTERRUPT_ASKED = 0x80

        // Field updaters find their field by reflection, once. They are the smallest option that
        // runs on Android 26: VarHandle came with API 33, and an AtomicReference would cost 16
        // bytes per field.
        private val BITS = AtomicIntegerFieldUpdater.newUpdater(FutureJob::class.java, "bits")
        private val SLOT =
            AtomicReferenceFieldUpdater.newUpdater(
                FutureJob::class.java,
                Any::class.java,
                "slot",
            )
        private val LABEL =
            AtomicReferenceFieldUpdater.newUpdater(
                FutureJob::class.java,
                String::class.java,
                "label",
            )
        private val HANDLE =
            AtomicReferenceFieldUpdater.newUpdater(
                FutureJob::class.java,
                FutureHandle::class.java,
                "handle",
            )
        private val WATCHERS =
            AtomicReferenceFieldUpdater.newUpdater(
                FutureJob::class.java,
                Any::class.java,
                "watchers",
            )
    }
}
