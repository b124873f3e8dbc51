@file:OptIn(
    InternalCoroutinesApi::class,
    ExperimentalCoroutinesApi::class,
)

package io.github.coro4j.internal.job

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.StackRoom
import io.github.coro4j.internal.job.JobBits.CANCEL_PASSED_ON
import io.github.coro4j.internal.job.JobBits.DONE
import io.github.coro4j.internal.job.JobBits.INTERRUPT_PASSED_ON
import io.github.coro4j.internal.job.JobBits.PHASE_MASK
import io.github.coro4j.spi.Exceptions
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi

/**
 * The fields of a job, their atomic changes, and the requests to cancel it.
 *
 * To keep a task small, one field, [slot], holds what the current phase needs: the body, then the
 * [ThreadState], then the end.
 *
 * A request has two steps: [markCancelling] makes the state cancelling, and [deliverCancel] stops
 * the work. A cancel of several jobs makes all of them cancelling before it stops any.
 */
internal abstract class JobState<T>(@JvmField val owner: JobOwner, context: CoroutineContext) :
    AbstractCoroutine<T>(context, initParentJob = false, active = true) {
    @Volatile @JvmField internal var slot: Any? = null

    /** The watchers: null, one watcher, or a [WatcherList]. */
    @Volatile @JvmField internal var watchers: Any? = null
    @Volatile @JvmField internal var label: String? = null
    @Volatile @JvmField internal var handle: JobHandle<T>? = null

    /** The phase and flags; [JobBits] has the layout. */
    @Volatile @JvmField internal var bits = 0

    /**
     * Where the list of the owner has this job: a chunk of [JobList], or the job before this one in
     * a [MemberList].
     */
    @JvmField internal var spot: Any? = null

    /** The job after this one in a [MemberList]. */
    @JvmField internal var next: FutureJob<*>? = null

    // ---- bits

    protected val phase: Int
        get() = bits and PHASE_MASK

    /**
     * Changes the phase, and notes the flags that [to] may have. Returns false in another phase.
     */
    protected fun casPhase(from: Int, to: Int): Boolean {
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

    protected fun forget(flags: Int) {
        while (true) {
            val seen = bits
            if (replaceBits(seen, seen and flags.inv())) return
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

    /**
     * Returns whether this job has completed. Faster than [isCompleted], which asks whether a value
     * is an `Incomplete`: for that the JVM searches all supertypes of the value (20 ns).
     */
    val isDone: Boolean
        get() = bits and DONE != 0 || isCompleted

    // ---- other fields, each set once

    protected fun installHandle(made: JobHandle<T>): JobHandle<T> {
        HANDLE.compareAndSet(this, null, made)
        return handle!!
    }

    protected fun installHandleUnshared(made: JobHandle<T>) = HANDLE.lazySet(this, made)

    protected fun installLabel(made: String): String {
        LABEL.compareAndSet(this, null, made)
        return label!!
    }

    internal fun replaceWatchers(seen: Any?, next: Any?): Boolean =
        WATCHERS.compareAndSet(this, seen, next)

    // ---- cancelling

    open val scope: JobScope
        get() = owner.scope

    abstract fun name(): String

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
        if (!markCancelling(reason, origin)) return false
        deliverIfNew(reason, interrupt)
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

    protected fun deliverIfNew(reason: String?, interrupt: Boolean) {
        if (isNewRequest(interrupt)) restoringRequest { deliver(reason, interrupt) }
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

    protected fun forgetRequests() = forget(CANCEL_PASSED_ON or INTERRUPT_PASSED_ON)

    fun scopeEnded(reason: String?, origin: TaskCancelledException?) =
        ownerEnded(OwnerEnd.SCOPE, reason, interrupt = true, origin)

    /**
     * Cancels this job because of [by]. Of the jobs that this one depends on, this cancels only
     * those that [by] reaches (R20, R31).
     */
    open fun ownerEnded(
        by: OwnerEnd,
        reason: String?,
        interrupt: Boolean,
        origin: TaskCancelledException?,
    ) {
        requestCancel(reason, interrupt, origin)
    }

    /** True if a request was made to this job itself, and not only to its scope. */
    val wasRequested: Boolean
        get() = bits and CANCEL_PASSED_ON != 0

    /** True if a request with an interrupt was made. A later request passes itself on. */
    val isInterruptRequested: Boolean
        get() = bits and INTERRUPT_PASSED_ON != 0

    /**
     * Returns false if an equal request was made before, and so was passed on. Passing it on again
     * would never end if futures depend on each other in a circle, and takes long in diamonds.
     */
    protected fun isNewRequest(interrupt: Boolean): Boolean {
        val flag = if (interrupt) INTERRUPT_PASSED_ON or CANCEL_PASSED_ON else CANCEL_PASSED_ON
        while (true) {
            val seen = bits
            if (seen and flag == flag) return false
            if (replaceBits(seen, seen or flag)) return true
        }
    }

    /**
     * Does the first half of a request: makes the state cancelling, but stops nothing yet. Returns
     * false if the job was done.
     */
    open fun markCancelling(reason: String?, origin: CancellationException?): Boolean {
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

    /** Stops all that a request to this job must stop. The state is cancelling now. */
    protected open fun deliver(reason: String?, interrupt: Boolean) =
        deliverCancel(reason, interrupt)

    /** Stops the work. The state is cancelling now. Later requests may call this again. */
    protected abstract fun deliverCancel(reason: String?, interrupt: Boolean)

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

    private companion object {
        /** Compared by identity, because a user may give the same text as a reason. */
        val NO_REASON = String("cancelled".toCharArray())

        // Field updaters find their field by reflection, once. They are the smallest option that
        // runs on Android 26: VarHandle came with API 33, and an AtomicReference would cost 16
        // bytes per field.
        private val BITS = AtomicIntegerFieldUpdater.newUpdater(JobState::class.java, "bits")
        private val SLOT =
            AtomicReferenceFieldUpdater.newUpdater(
                JobState::class.java,
                Any::class.java,
                "slot",
            )
        private val LABEL =
            AtomicReferenceFieldUpdater.newUpdater(
                JobState::class.java,
                String::class.java,
                "label",
            )
        private val HANDLE =
            AtomicReferenceFieldUpdater.newUpdater(
                JobState::class.java,
                JobHandle::class.java,
                "handle",
            )
        private val WATCHERS =
            AtomicReferenceFieldUpdater.newUpdater(
                JobState::class.java,
                Any::class.java,
                "watchers",
            )
    }
}
