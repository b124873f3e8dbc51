package io.github.coro4j.internal.job

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.base.forEachDespiteErrors
import io.github.coro4j.internal.base.madeOnce
import java.util.Collections
import java.util.IdentityHashMap

/**
 * What the body of one job has started in the scope of that job, and what has not ended (R31, ADR
 * 5). It is made when the body first starts something. A cancel of the job cancels this work, and
 * then the job ends after it. A body that ends without a cancel leaves the work to the scope.
 *
 * The scope lists each of these jobs too, so they need no other owner once the body has ended.
 *
 * This object is its own lock. No user code runs under it, and no job ends.
 */
internal class StartedWork(job: UserCodeJob<*>, threadState: ThreadState?) {
    @JvmField val scope: JobScope = job.scope

    /** The job whose body starts this work; null once the work is left to the scope. */
    @Volatile private var starter: UserCodeJob<*>? = job

    /** The thread of a body that has one; null after the body. */
    @Volatile
    var threadState: ThreadState? = threadState
        private set

    private var latest: StartedPlace? = null

    /** Number of places with a job that the starter must wait for, and of hooks that run. */
    private var awaited = 0

    /** The hooks of `Task.onCancel`; null until there is one. */
    @Volatile
    var hooks: CancelHooks? = null
        private set

    /** What follows when those jobs have ended; null before the end of the body. */
    private var next: (() -> Unit)? = null

    /** Number of weak places, and the number at which the empty ones are removed. */
    private var weak = 0
    private var sweepAt = SHORT

    /** Adds [job] at its [place]. */
    fun add(place: StartedPlace, job: FutureJob<*>) {
        val starter =
            synchronized(this) {
                // The job may have ended already, because its scope is cancelled.
                val starter = starter
                if (starter == null || place.isGone) return
                if (weak >= sweepAt) sweep()
                place.put(job)
                count(place, 1)
                place.earlier = latest
                latest?.later = place
                latest = place
                starter
            }
        // publish, then re-check: pairs with UserCodeJob.cancelStarted
        starter.cancelIfTaken(job)
    }

    /** Removes weak places whose job is unreachable. */
    private fun sweep() {
        eachPlace { if (it.job == null) unlink(it) }
        sweepAt = 2 * weak + SHORT
    }

    private fun count(place: StartedPlace, change: Int) {
        if (place.isWeak) weak += change else awaited += change
    }

    private inline fun eachPlace(visit: (StartedPlace) -> Unit) {
        var place = latest
        while (place != null) {
            val earlier = place.earlier
            visit(place)
            place = earlier
        }
    }

    private fun unlink(place: StartedPlace) {
        count(place, -1)
        val later = place.later
        if (later != null) later.earlier = place.earlier else latest = place.earlier
        place.earlier?.later = later
        place.clear()
    }

    /** Removes [place], and goes on if the starter has waited for its job alone. */
    fun remove(place: StartedPlace) {
        val next =
            synchronized(this) {
                if (place.isLinked) unlink(place)
                place.isGone = true
                takeNextIfOver()
            }
        if (next != null) ThreadState.runOrDefer(next)
    }

    private fun takeNextIfOver() = if (awaited == 0) next.also { next = null } else null

    // ---- hooks

    /** Returns [hooks], made at the first call. */
    fun hooks(of: UserCodeJob<*>): CancelHooks =
        madeOnce(this, { hooks }) { CancelHooks(of, this).also { hooks = it } }

    /** Makes the starter wait until a later call of [expectedEnded]. */
    fun expect() {
        synchronized(this) { awaited++ }
    }

    fun expectedEnded() {
        val next =
            synchronized(this) {
                awaited--
                takeNextIfOver()
            }
        if (next != null) ThreadState.runOrDefer(next)
    }

    // ---- cancel

    /** Returns the jobs, in the order in which they were started. */
    fun jobs(): List<FutureJob<*>> {
        val jobs = ArrayList<FutureJob<*>>()
        synchronized(this) { eachPlace { place -> place.job?.let(jobs::add) } }
        jobs.reverse()
        return jobs
    }

    fun cancel(reason: String?, interrupt: Boolean, origin: TaskCancelledException?) =
        jobs().iterator().forEachDespiteErrors {
            it.ownerEnded(OwnerEnd.STARTER, reason, interrupt, origin)
        }

    /**
     * Leaves [job] to the scope, and also what it follows, because the body has shielded it from a
     * cancel.
     */
    fun leave(job: FutureJob<*>) {
        val seen = Collections.newSetFromMap(IdentityHashMap<FutureJob<*>, Boolean>())
        val pending = ArrayDeque<FutureJob<*>>()
        seen.add(job)
        pending.add(job)
        while (true) {
            val each = pending.removeFirstOrNull() ?: return
            if (each.isStartedIn(this)) remove(each.owner.startedPlace!!)
            each.eachSource { if (seen.add(it)) pending.add(it) }
        }
    }

    /** False if the cancel of the starter must not interrupt. */
    val isInterrupted: Boolean
        get() = starter?.wasInterrupted != false

    // ---- the end of the body

    /** Forgets the thread of the body, which runs other code now. */
    fun bodyEnded() {
        threadState = null
    }

    /** Leaves all work to the scope. */
    fun leaveAll() {
        synchronized(this) {
            starter = null
            hooks = null
            eachPlace(::unlink)
        }
    }

    /**
     * Calls [then] when the work has ended that the cancelled starter must wait for. Returns false,
     * and does not call it, if there is none.
     */
    fun whenOver(then: () -> Unit): Boolean {
        val starter = starter ?: return false
        // The cancelling thread may not have come so far yet.
        val cause = starter.getCancellationException() as? TaskCancelledException
        Cancels.markAllCancelling(jobs(), cause?.reason(), cause)
        hooks?.runAll()
        val toAwait = weakPlaces().filter { (_, job) -> job.endsBefore(starter) }
        synchronized(this) {
            for ((place, _) in toAwait) strengthen(place)
            if (awaited == 0) return false
            next = then
        }
        // publish, then re-check: pairs with BlockingWait.publishing and CoroutineWait.begin of a
        // wait that no cancel ends. No other wait can close a circle with cancelled work.
        val engine = scope.engine
        if (engine.mustWaits.get() == 0 || jobs().none { engine.leadsTo(it, starter) }) return true
        // The work waits for the starter, so the starter does not wait for the work. If the last of
        // the work has ended meanwhile, it has taken the next step.
        return synchronized(this) { (next == null).also { next = null } }
    }

    private fun weakPlaces(): List<Pair<StartedPlace, FutureJob<*>>> {
        val places = ArrayList<Pair<StartedPlace, FutureJob<*>>>()
        synchronized(this) {
            eachPlace { place ->
                if (place.isWeak) place.job?.let { places.add(place to it) }
            }
        }
        return places
    }

    private fun strengthen(place: StartedPlace) {
        if (!place.isWeak) return // its job has ended meanwhile
        count(place, -1)
        place.strengthen()
        count(place, 1)
    }

    /** Visits the jobs that the starter waits for. */
    fun dependencies(visit: (Awaitable) -> Unit) {
        val jobs = ArrayList<FutureJob<*>>()
        synchronized(this) {
            if (next != null) eachPlace { if (!it.isWeak) it.job?.let(jobs::add) }
        }
        jobs.forEach(visit)
        hooks?.dependencies(visit)
    }

    private companion object {
        const val SHORT = 16
    }
}
