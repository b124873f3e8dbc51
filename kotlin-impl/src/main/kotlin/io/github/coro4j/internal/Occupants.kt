package io.github.coro4j.internal

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger

/**
 * What is in a scope now: its jobs, the scopes opened inside it, and what is under way from the one
 * to the other. Whoever waits for a scope waits until all of it is gone.
 */
internal class Occupants(private val around: Occupants?, private val dropped: DroppedWatch) {
    private val live = LiveJobs()
    private val droppable = DroppableJobs(dropped, ::wake)
    private val inner = ConcurrentHashMap.newKeySet<ScopeImpl>()
    private val opened = AtomicInteger()
    private val underWay = AtomicInteger()
    private val begunUnderWay = AtomicInteger()
    private val sleepers = CopyOnWriteArrayList<Wake>()

    /** The parent of the coroutines that are no tasks; null until there may be one. */
    @Volatile var coroutines: CoroutinesJob? = null

    private val hasNoCoroutine: Boolean
        get() = coroutines?.isIdle ?: true

    // ---- jobs

    /** False if [refused]; see [LiveJobs.add]. */
    fun add(job: FutureJob<*>, isShared: Boolean, refused: () -> Boolean): Boolean =
        live.add(job, isShared, refused)

    fun remove(job: FutureJob<*>) {
        if (live.remove(job)) wake()
    }

    /** Lists a job without keeping it; false if [refused]. */
    fun <J> addDroppable(job: J, refused: () -> Boolean): Boolean
        where J : FutureJob<*>, J : Droppable {
        job.place = droppable.add(job, refused) ?: return false
        // publish, then re-check: pairs with leave(), which finds no place if the end of the scope
        // has ended the job meanwhile
        if (job.isCompleted) leave(job)
        return true
    }

    /** From now on a listed job is not kept any more; it is never without a place. */
    fun <J> makeDroppable(job: J) where J : FutureJob<*>, J : Droppable {
        addDroppable(job) { false }
        remove(job)
    }

    fun leave(job: Droppable) {
        val place = job.place ?: return
        job.place = null
        droppable.leave(place)
    }

    fun jobs(): List<FutureJob<*>> = live.snapshot().also(droppable::addTo)

    /** Without the children of groups. */
    fun listedJobs(): List<FutureJob<*>> = ArrayList(live.listed()).also(droppable::addTo)

    // ---- scopes

    fun enter(scope: ScopeImpl) {
        opened.incrementAndGet()
        inner.add(scope)
    }

    fun leave(scope: ScopeImpl) {
        inner.remove(scope)
        wake()
    }

    fun scopes(): Set<ScopeImpl> = inner

    // ---- under way

    /** Callbacks, and ends on their way to derived futures, that the scope is to wait for (R23). */
    fun underWay(change: Int) {
        if (change > 0) begunUnderWay.incrementAndGet()
        if (underWay.addAndGet(change) == 0) wake()
    }

    val countUnderWay: Int
        get() = underWay.get()

    // ---- over

    /** No job, no scope and no coroutine; something may still be under way. */
    val isEmpty: Boolean
        get() = live.isEmpty() && droppable.addedIfEmpty() >= 0 && inner.isEmpty() && hasNoCoroutine

    /**
     * Nothing is here, nor in an inner scope, nor under way. Looked at twice: work can move between
     * the places while they are looked at one by one, but not without being counted.
     */
    val isOver: Boolean
        get() {
            val seen = begunIfOver()
            return seen >= 0 && seen == begunIfOver()
        }

    /** How much has ever begun in this tree of scopes, or -1 if something is there now. */
    private fun begunIfOver(): Long {
        var begun = live.addedIfEmpty()
        if (begun < 0 || underWay.get() != 0 || !hasNoCoroutine) return -1
        val gathers = droppable.addedIfEmpty()
        if (gathers < 0) return -1
        begun += gathers + begunUnderWay.get() + opened.get()
        for (scope in inner) {
            val below = scope.occupants.begunIfOver()
            if (below < 0) return -1
            begun += below
        }
        return begun
    }

    /** Calls [wake] when all may be over, here or in a scope inside. */
    fun subscribe(wake: Wake) {
        sleepers.add(wake)
        dropped.waiters(1)
        // The last job may have ended before the waiter was in the list: the waiter must look once
        // more.
        wake.run()
    }

    fun unsubscribe(wake: Wake) {
        if (sleepers.remove(wake)) dropped.waiters(-1)
    }

    fun wake() {
        var each: Occupants? = this
        while (each != null) {
            if (each.sleepers.isNotEmpty()) each.sleepers.forEach { it.run() }
            each = each.around
        }
    }
}
