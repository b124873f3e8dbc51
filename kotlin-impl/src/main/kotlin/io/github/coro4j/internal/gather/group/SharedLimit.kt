package io.github.coro4j.internal.gather.group

import io.github.coro4j.ConcurrencyLimit
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.CallableJob
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobBits.DISPATCHED
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.Progress
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.listNew
import io.github.coro4j.internal.job.named
import io.github.coro4j.internal.job.scopeOf
import io.github.coro4j.spi.Label
import java.util.concurrent.Callable
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/** A group or a body that waits for a permit of a [SharedLimit]. */
internal interface PermitWaiter {
    /** Takes over one permit. Any thread may call it, and it runs no user code on that thread. */
    fun granted()
}

/**
 * The permits that groups and bodies share. A permit that is returned goes to the waiter that came
 * first, or becomes free if there is none. So there is a free permit only while nothing waits, and
 * nothing can overtake the queue.
 *
 * Its lock guards the queue and the count. No other code runs under it.
 */
internal class SharedLimit(name: String?, private val capacity: Int) : ConcurrencyLimit {
    private val name = name ?: "limit-${numbers.incrementAndGet()}"

    /** The waiters, in the order in which they came. */
    private val waiting = LinkedHashSet<PermitWaiter>()
    private var used = 0

    /** The job that has the only permit; null if there are several permits. */
    @Volatile private var holder: FutureJob<*>? = null

    override fun name(): String = name

    override fun capacity(): Int = capacity

    override fun inUse(): Int = synchronized(waiting) { used }

    override fun queued(): Int = synchronized(waiting) { waiting.size }

    // ---- permits

    /** Returns whether there was a free permit for [waiter], which otherwise waits for one. */
    fun acquire(waiter: PermitWaiter): Boolean =
        synchronized(waiting) {
            if (used == capacity) {
                waiting.add(waiter)
                return false
            }
            used++
            true
        }

    /** Removes [waiter] from the queue. Returns false if it was not there, or has been granted. */
    fun leave(waiter: PermitWaiter): Boolean = synchronized(waiting) { waiting.remove(waiter) }

    /** Returns a permit, which goes to the first waiter. */
    fun release() {
        holder = null
        val next =
            synchronized(waiting) {
                val first = waiting.firstOrNull()
                if (first == null) used-- else waiting.remove(first)
                first
            }
        // The waiter may be over and release the permit again, so this must not nest.
        if (next != null) ThreadState.runOrDefer { next.granted() }
    }

    /** Notes that [job] is about to run with a permit. */
    fun runs(job: FutureJob<*>) {
        if (capacity == 1) holder = job
    }

    /** Visits the job that has the only permit. With several permits any job can end the wait. */
    fun visitHolder(visit: (Awaitable) -> Unit) {
        holder?.let(visit)
    }

    // ---- single bodies

    override fun <T> start(scope: TaskScope, body: Callable<out T>): Task<T> =
        begin(scope, null, body)

    override fun <T> start(scope: TaskScope, name: String, body: Callable<out T>): Task<T> {
        requireName(name) { "no task was started; leave the name out, and the task gets one" }
        return begin(scope, name, body)
    }

    private fun <T> begin(scope: TaskScope?, name: String?, body: Callable<out T>?): Task<T> {
        requireArgument(scope, "scope") { "no task was started; give the scope of the task" }
        val within = scopeOf(scope!!) { "no task was started in it" }
        val consequence = {
            (name?.let { "${Label.of("task", it)} was not" } ?: "no task was") +
                " started in ${within.toLabel()}"
        }
        requireArgument(body, "body", consequence)
        val job = PermitJob<T>(within, this, body!!)
        if (name != null) job.named(name)
        val task = job.listNew(consequence)
        job.begin()
        @Suppress("UNCHECKED_CAST")
        return task as Task<T>
    }

    override fun toString(): String = "${Label.of("Limit", name)} (${text()})"

    fun toLabel(): String = Label.of("limit", name)

    /** Returns the state, for dumps. */
    fun text(): String =
        synchronized(waiting) { "$used of $capacity in use, ${waiting.size} queued" }

    private companion object {
        val numbers = AtomicInteger()
    }
}

/** A task that needs a permit of [limit]. */
internal class PermitJob<T>(
    scope: JobScope,
    @JvmField val limit: SharedLimit,
    body: Callable<out T>,
) : CallableJob<T>(scope.ownerOfStarted(), body), PermitWaiter {
    fun begin() {
        if (limit.acquire(this)) run(aside = false)
        // publish, then re-check: pairs with leaveOwner, which may have found no place in the queue
        else if (isDone) limit.leave(this)
    }

    override fun granted() = run(aside = true)

    /** Runs with the permit, or returns it if this job has ended meanwhile. */
    private fun run(aside: Boolean) {
        limit.runs(this)
        // A user's executor may run the body on the spot, so a thread of the engine hands it over.
        if (aside && !scope.onlyQueues) scope.executeHoldingOpen(scope.engine.pool) { handOver() }
        else handOver()
    }

    private fun handOver() {
        if (!dispatch(DISPATCHED)) limit.release()
    }

    override fun leaveOwner() {
        try {
            super.leaveOwner()
        } finally {
            if (bits and DISPATCHED != 0) limit.release() else limit.leave(this)
        }
    }

    override val unqueuedProgress: Progress
        get() = Progress.WITHOUT_PERMIT

    override val waitsForPermitOf: String?
        get() = limit.toLabel().takeIf { progress == Progress.WITHOUT_PERMIT }

    override fun dependencies(visit: (Awaitable) -> Unit) {
        if (progress == Progress.WITHOUT_PERMIT) limit.visitHolder { if (it !== this) visit(it) }
        else super.dependencies(visit)
    }
}

/**
 * The place of one group at a [SharedLimit]. The group waits in the queue at most once, and has at
 * most one permit that no child uses yet.
 */
internal class GroupPermit(val limit: SharedLimit, private val onGranted: () -> Unit) :
    PermitWaiter {
    private enum class State {
        NONE,
        WAITING,
        HELD,
    }

    private val state = AtomicReference(State.NONE)

    val isWaiting: Boolean
        get() = state.get() == State.WAITING

    /**
     * Returns whether the group has a permit in hand, and otherwise queues. One caller at a time.
     */
    fun hold(): Boolean {
        if (state.get() == State.NONE) {
            // Set this first, because another thread may grant a permit at once.
            state.set(State.WAITING)
            if (limit.acquire(this)) state.set(State.HELD)
        }
        return state.get() == State.HELD
    }

    override fun granted() {
        state.set(State.HELD)
        onGranted()
    }

    /** Passes the permit in hand to a child. */
    fun use(child: FutureJob<*>) {
        state.set(State.NONE)
        limit.runs(child)
    }

    /** Takes the permit back from a child that did not begin, or returns it if it is not needed. */
    fun takeBack() {
        if (!state.compareAndSet(State.NONE, State.HELD)) limit.release()
    }

    /** Returns the permit in hand, or leaves the queue, because no child needs it. */
    fun giveBack() {
        // If leave() finds nothing, the permit is on its way, and the call at its arrival returns
        // it.
        if (state.get() == State.WAITING && limit.leave(this)) state.set(State.NONE)
        if (state.compareAndSet(State.HELD, State.NONE)) limit.release()
    }
}
