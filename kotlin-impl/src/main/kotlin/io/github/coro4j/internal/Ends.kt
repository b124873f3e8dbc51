package io.github.coro4j.internal

import io.github.coro4j.Outcome
import java.io.InterruptedIOException
import java.net.SocketTimeoutException
import java.nio.channels.ClosedByInterruptException
import java.nio.channels.FileLockInterruptionException
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean

/** The end of a cancelled future, in its [FutureJob.slot]. */
internal class CancelledEnd(@JvmField val cancellation: CancellationException)

/**
 * Carries through kotlinx.coroutines a cancellation that nobody asked of this future: a body threw
 * it, or a producer failed with it. There any `CancellationException` means "cancelled", and a
 * Kotlin awaiter would take it for its own; to us it is a failure like any other. The field of its
 * own keeps stack-trace recovery from copying it.
 */
internal class UnaskedCancellation(@JvmField val original: CancellationException) :
    RuntimeException("ended with a cancellation that nobody asked for: $original", original)

/** What to complete the engine's job with, so that it counts as a failure. */
internal fun asFailure(exception: Throwable): Throwable =
    if (exception is CancellationException) UnaskedCancellation(exception) else exception

/** The failure, as the one who caused it knows it. */
internal fun original(exception: Throwable): Throwable =
    if (exception is UnaskedCancellation) exception.original else exception

/**
 * How blocked code reports an interrupt: after a cancel these are the cancellation itself, not
 * something else (R7).
 */
internal fun isInterruption(exception: Throwable): Boolean =
    exception is InterruptedException ||
        exception is ClosedByInterruptException ||
        exception is FileLockInterruptionException ||
        (exception is InterruptedIOException && exception !is SocketTimeoutException)

/**
 * Attaches [other] to [primary] as suppressed, unless that would make it its own.
 *
 * @return whether it is there now; an exception may have been made without room for any
 */
internal fun attach(primary: Throwable, other: Throwable): Boolean =
    other in attachAll(primary, listOf(other))

/** As [attach] for each of [others], in one go; returns those that are there now. */
internal fun attachAll(primary: Throwable, others: List<Throwable>): Set<Throwable> {
    val known = suppressedOf(primary)
    for (other in others) if (known.add(other)) primary.addSuppressed(other)
    return suppressedOf(primary)
}

/** With itself, by identity. Made once for all who look, since it copies the list. */
private fun suppressedOf(exception: Throwable): MutableSet<Throwable> =
    Collections.newSetFromMap(IdentityHashMap<Throwable, Boolean>()).apply {
        add(exception)
        addAll(exception.suppressed)
    }

/** The value that stands in the slot of a job that has succeeded. */
internal fun valueOf(end: Any?): Any? = if (end is GroupEnd) end.value else end

/** What stands in the slot of a job that has ended, as the public value. */
@Suppress("UNCHECKED_CAST")
internal fun <T> outcomeOf(end: Any?): Outcome<T> =
    when (end) {
        is UnreadFailure -> Outcome.Failure(end.exception)
        is CancelledEnd -> Outcome.Cancelled(end.cancellation)
        else -> Outcome.Success(valueOf(end) as T)
    }

/**
 * In the slot of a job: the value of a group, if it shows ends of the group's members. Those count
 * as read when it does, however many futures it has passed through.
 */
internal class GroupEnd(@JvmField val value: Any?, private val readMembers: () -> Unit) {
    private val marked = AtomicBoolean()

    fun markRead() {
        // One after the other, not one inside the other: groups nest to any depth.
        if (marked.compareAndSet(false, true)) Runner.here().later(readMembers)
    }
}

/** The end of one member, as a value. */
internal fun outcomeEnd(member: FutureJob<*>) = GroupEnd(member.outcome()) { member.markRead() }

/** The value of a group of which all [members] succeeded. */
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

/** The ends of all [members], as values. */
internal fun outcomeList(members: List<FutureJob<*>>): Any =
    GroupEnd(Collections.unmodifiableList(members.map { it.outcome() })) {
        members.forEach { it.markRead() }
    }

/** How often a full heap is asked again: each time the JVM has collected all it could. */
internal const val MAX_ASKED = 100

/**
 * For a step of an end that needs a few bytes: bodies that have filled the heap are about to fail
 * and let go of it, and the end of another job must not be lost meanwhile.
 */
internal inline fun <R> whenThereIsHeap(step: () -> R): R {
    var asked = 0
    while (true) {
        try {
            return step()
        } catch (e: OutOfMemoryError) {
            if (++asked > MAX_ASKED) throw e
            Thread.yield()
        }
    }
}

/** Returns when there is heap for all that the end of a job may take, or after many attempts. */
internal fun awaitHeap() {
    repeat(MAX_ASKED) {
        try {
            if (ByteArray(END_BYTES).size == END_BYTES) return
        } catch (e: OutOfMemoryError) {
            Thread.yield()
        }
    }
}

private const val END_BYTES = 256 * 1024
