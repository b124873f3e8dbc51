@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal.job

import io.github.coro4j.Outcome
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.coroutines.FutureFailedException
import io.github.coro4j.internal.base.comesFromCancel
import java.util.Collections
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.InternalCoroutinesApi

/** The end of a cancelled future, in its [FutureJob.slot]. */
internal open class CancelledEnd(@JvmField val cancellation: CancellationException)

/**
 * The end of a job that was unreachable when its scope, or the coroutine scope around it, ended.
 */
internal class UnseenEnd(cancellation: CancellationException) : CancelledEnd(cancellation)

/**
 * Returns the exception with which a job of kotlinx can fail: [exception] itself, or a wrapper. The
 * wrapper keeps a cancellation from counting as a cancel. It also keeps kotlinx from calling code
 * of the user while the job ends: `equals` and, in debug mode, `getCause` and `getStackTrace`. An
 * override that throws would leave the job half ended.
 */
internal fun asFailure(exception: Throwable): Throwable =
    if (exception is CancellationException || !isPlain(exception.javaClass))
        FutureFailedException(exception)
    else exception

/** Returns the exception that was given to [asFailure]. */
internal fun original(exception: Throwable): Throwable =
    if (exception is FutureFailedException) exception.original else exception

/**
 * Returns whether kotlinx can read exceptions of this [type] without running code of the user. It
 * uses reflection, because that alone tells whether a method is overridden without calling it.
 * `BrokenExceptionTest` fails without this.
 */
private fun isPlain(type: Class<*>): Boolean =
    type.classLoader === PLATFORM ||
        declares(Any::class.java, type, "equals", Any::class.java) &&
            declares(Throwable::class.java, type, "getCause") &&
            declares(Throwable::class.java, type, "getStackTrace")

private fun declares(owner: Class<*>, type: Class<*>, method: String, vararg of: Class<*>) =
    type.getMethod(method, *of).declaringClass === owner

/** The class loader of the JDK or of Android. */
private val PLATFORM: ClassLoader? = Throwable::class.java.classLoader

/**
 * Returns what this job ends with when its work failed with [failure], after a request to cancel or
 * without one (R7).
 */
internal fun FutureJob<*>.afterCancel(failure: Throwable): Throwable {
    if (!isCancelled) return asFailure(failure)
    val cancellation = getCancellationException()
    if (comesFromCancel(failure)) return cancellation
    if (failure is Exception && (this as? UserCodeJob)?.started?.hooks?.hasBegun == true) {
        // Most likely a hook has caused it, by closing what the body was using.
        scope.engine.sharedFailures.attach(cancellation, listOf(failure), by = this)
        return cancellation
    }
    // A job that failed without a request has no request to attach.
    if (cancellation is TaskCancelledException)
        scope.engine.sharedFailures.attach(failure, listOf(cancellation), by = this)
    return asFailure(failure)
}

/**
 * Returns the result of the function for the way in which a job has ended, by the content of its
 * slot. [succeeded] gets the value, or a [GroupEnd] that holds it.
 */
internal inline fun <R> foldEnd(
    end: Any?,
    failed: (UnreadFailure) -> R,
    cancelled: (CancelledEnd) -> R,
    succeeded: (Any?) -> R,
): R =
    when (end) {
        is UnreadFailure -> failed(end)
        is CancelledEnd -> cancelled(end)
        else -> succeeded(end)
    }

/** Returns whether a job with this [end] has succeeded. */
internal fun isSuccess(end: Any?): Boolean = end !is UnreadFailure && end !is CancelledEnd

/** Returns the value of a job that has succeeded, from its slot. */
internal fun valueOf(end: Any?): Any? = if (end is GroupEnd) end.value else end

/** Returns the exception that [member] ended with, or null if it has a value. */
internal fun exceptionOf(member: FutureJob<*>): Throwable? =
    foldEnd(member.end, { it.exception }, { it.cancellation }) { null }

/** Returns the outcome of a job that has ended, from its slot. */
@Suppress("UNCHECKED_CAST")
internal fun <T> outcomeOf(end: Any?): Outcome<T> =
    foldEnd(
        end,
        failed = { Outcome.Failure(it.exception) },
        cancelled = { Outcome.Cancelled(it.cancellation) },
        succeeded = { Outcome.Success(valueOf(it) as T) },
    )

/**
 * The value of a group, in the slot of a job, if it shows ends of the group's members. When it is
 * read, those ends count as read, however many futures the value has passed through.
 */
internal class GroupEnd(@JvmField val value: Any?, readMembers: () -> Unit) {
    /** The function; null once it has been called, because it keeps the members alive. */
    private val unread = AtomicReference<(() -> Unit)?>(readMembers)

    fun markRead() {
        val readMembers = unread.get() ?: return
        // Run these one after the other, not nested, because groups nest to any depth.
        if (unread.compareAndSet(readMembers, null)) ThreadState.runOrDefer(readMembers)
    }
}

/** Returns the end of one member as a value. */
internal fun outcomeEnd(member: FutureJob<*>) = GroupEnd(member.outcome()) { member.markRead() }

/** Returns the value of a group if all [members] have succeeded. */
internal fun resultList(members: List<FutureJob<*>>): Any {
    val results = arrayOfNulls<Any?>(members.size)
    var groups: ArrayList<GroupEnd>? = null
    for (index in results.indices) {
        val end = members[index].end
        results[index] = valueOf(end)
        if (end is GroupEnd) (groups ?: ArrayList<GroupEnd>().also { groups = it }).add(end)
    }
    val list = Collections.unmodifiableList(results.asList())
    return groups?.let { GroupEnd(list) { it.forEach(GroupEnd::markRead) } } ?: list
}

/**
 * Returns the ends of all [members] as values. A member that was cancelled and still stops is shown
 * as cancelled. If it fails later, that failure is unread.
 */
internal fun outcomeList(members: List<FutureJob<*>>): Any {
    // Only these members have a failure to read. The value keeps them reachable until it is read.
    val toRead = ArrayList<FutureJob<*>>()
    val outcomes = members.map {
        outcomeNow(it) { if (it.end is UnreadFailure || it.end is GroupEnd) toRead.add(it) }
    }
    return GroupEnd(Collections.unmodifiableList(outcomes)) { toRead.forEach { it.markRead() } }
}

/**
 * Returns the outcome with which a group shows [member], which may still stop. If it has ended,
 * this first calls [seen].
 */
internal inline fun <T> outcomeNow(member: FutureJob<T>, seen: () -> Unit): Outcome<T> {
    if (!member.isDone) return stillStopping(member)
    seen()
    return member.outcome()
}

/** Returns the outcome with which a group shows a member that was cancelled and still stops. */
internal fun <T> stillStopping(member: FutureJob<T>): Outcome<T> {
    val request = if (member.isCancelled) member.getCancellationException() else null
    val reason = request?.let(::cancelReason)
    val text = if (reason == null) STILL_STOPPING else "$reason; $STILL_STOPPING"
    return Outcome.Cancelled(TaskCancelledException(member.name(), text, request))
}

private const val STILL_STOPPING = "its body is still stopping"

/** Limit of attempts at an allocation. Before each failure the JVM has collected all it could. */
internal const val MAX_ATTEMPTS = 100

/**
 * Runs a step of an end that needs a few bytes, and tries it again if the heap is full. Bodies that
 * have filled the heap are about to fail and free it, and the end of another job must not be lost
 * meanwhile.
 */
internal inline fun <R> whenThereIsHeap(step: () -> R): R {
    var attempts = 0
    while (true) {
        try {
            return step()
        } catch (e: OutOfMemoryError) {
            if (++attempts > MAX_ATTEMPTS) throw e
            Thread.yield()
        }
    }
}

/** Returns when there is heap for all that the end of a job may take, or after many attempts. */
internal fun awaitHeap() {
    repeat(MAX_ATTEMPTS) {
        try {
            if (ByteArray(END_BYTES).size == END_BYTES) return
        } catch (e: OutOfMemoryError) {
            Thread.yield()
        }
    }
}

private const val END_BYTES = 256 * 1024
