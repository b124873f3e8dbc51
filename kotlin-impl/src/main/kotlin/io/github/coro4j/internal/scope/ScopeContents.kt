package io.github.coro4j.internal.scope

import io.github.coro4j.internal.base.DroppedWatch
import io.github.coro4j.internal.base.madeOnce
import io.github.coro4j.internal.coroutine.CoroutineRootJob
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.WaitQueue
import io.github.coro4j.internal.job.Waiter
import io.github.coro4j.spi.Turns
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater

/**
 * What a scope contains now: its jobs, the scopes opened inside it, and the steps that hold it
 * open. A thread that waits for a scope waits until all of this is gone.
 *
 * Each list is made when it gets its first element, because many scopes hold one task or none. A
 * missing list counts as empty. So a thread publishes a new list and its element before it checks
 * whether the scope is open. [ScopeLifecycle.close] closes the scope before it reads the lists.
 */
internal class ScopeContents(
    private val around: ScopeContents?,
    private val dropped: DroppedWatch,
) {
    @Volatile private var live: JobList? = null
    @Volatile private var droppable: WeakJobList? = null
    @Volatile private var inner: MutableSet<ScopeLifecycle>? = null
    @Volatile private var waiters: WaitQueue? = null

    @Volatile private var opened = 0
    @Volatile private var heldOpen = 0
    @Volatile private var everHeldOpen = 0

    /** The parent of the coroutines that are no tasks; null until there may be one. */
    @Volatile var coroutines: CoroutineRootJob? = null

    private val hasNoCoroutine: Boolean
        get() = coroutines?.isIdle ?: true

    // ---- jobs

    /** Adds a job of this scope. Returns false if the scope is closed. */
    fun add(job: FutureJob<*>, isShared: Boolean): Boolean {
        val list =
            madeOnce(this, { live }) {
                JobList(isOrdered = job.scope.executor is Turns).also { live = it }
            }
        if (list.add(job, isShared)) return true
        // A waiter may have seen the ticket of the refused job.
        wakeIfEmpty(list)
        return false
    }

    fun remove(job: FutureJob<*>) {
        val list = live!!
        list.remove(job)
        wakeIfEmpty(list)
    }

    /** Removes a job that several threads remove, unless it was not added. */
    fun removeOnce(job: FutureJob<*>) {
        val list = live ?: return
        list.removeOnce(job)
        wakeIfEmpty(list)
    }

    private fun wakeIfEmpty(list: JobList) {
        // publish, then re-check: pairs with WaitQueue.subscribe. The sum over the list costs more
        // than the look for waiters, so it comes last.
        if (hasWaiters() && list.isEmpty()) wake()
    }

    private fun hasWaiters(): Boolean {
        var each: ScopeContents? = this
        while (each != null) {
            if (each.waiters?.isEmpty == false) return true
            each = each.around
        }
        return false
    }

    /** Lists a job without keeping it alive. Returns false if [refused]. */
    fun <J> addDroppable(job: J, refused: () -> Boolean): Boolean
        where J : FutureJob<*>, J : Droppable {
        val list =
            madeOnce(this, { droppable }) {
                WeakJobList(dropped, ::wake).also { droppable = it }
            }
        job.place = list.add(job, refused) ?: return false
        // publish, then re-check: pairs with ScopeContents.leave, which has found no place if the
        // end of the scope has ended the job meanwhile
        if (job.isCompleted) leave(job)
        return true
    }

    /**
     * Moves a listed job to the list that does not keep it alive. It is always in one of the two.
     */
    fun <J> makeDroppable(job: J) where J : FutureJob<*>, J : Droppable {
        addDroppable(job) { false }
        removeOnce(job)
    }

    fun leave(job: Droppable) {
        val place = job.place ?: return
        job.place = null
        droppable!!.leave(place)
    }

    fun jobs(): List<FutureJob<*>> {
        val jobs = live?.snapshot() ?: ArrayList()
        droppable?.addTo(jobs)
        return jobs
    }

    /** Returns the jobs without the children of groups. */
    fun listedJobs(): List<FutureJob<*>> {
        val jobs = ArrayList<FutureJob<*>>()
        live?.let { jobs.addAll(it.listed()) }
        droppable?.addTo(jobs)
        return jobs
    }

    // ---- scopes

    fun enter(scope: ScopeLifecycle) {
        OPENED.incrementAndGet(this)
        val set =
            madeOnce(this, { inner }) {
                ConcurrentHashMap.newKeySet<ScopeLifecycle>().also { inner = it }
            }
        set.add(scope)
    }

    fun leave(scope: ScopeLifecycle) {
        inner!!.remove(scope)
        wake()
    }

    fun scopes(): Set<ScopeLifecycle> = inner ?: emptySet()

    // ---- held open

    /** Counts a step for which the scope waits until it is [released][release]. */
    fun holdOpen() {
        EVER_HELD_OPEN.incrementAndGet(this)
        HELD_OPEN.incrementAndGet(this)
    }

    fun release() {
        if (HELD_OPEN.decrementAndGet(this) == 0) wake()
    }

    /** Number of steps that hold the scope open now. */
    val countHeldOpen: Int
        get() = heldOpen

    /** Number of steps that ever held the scope open. It grows before [countHeldOpen] does. */
    val countEverHeldOpen: Int
        get() = everHeldOpen

    // ---- over

    /** True if there is no job, scope or coroutine. A step may still hold the scope open. */
    val isEmpty: Boolean
        get() =
            live?.isEmpty() != false &&
                addedDroppable() >= 0 &&
                inner?.isEmpty() != false &&
                hasNoCoroutine

    /** Returns the number ever added if there is none now, or -1 if there is one. */
    private fun addedDroppable(): Long = droppable?.addedIfEmpty() ?: 0

    /**
     * True if nothing is here or in an inner scope. This looks twice, because work can move between
     * the places while it looks at one after the other. Each move changes a count.
     */
    val isOver: Boolean
        get() {
            val seen = begunIfOver()
            return seen >= 0 && seen == begunIfOver()
        }

    /** Returns how much has ever begun in this tree of scopes, or -1 if something is there now. */
    private fun begunIfOver(): Long {
        var begun = live?.addedIfEmpty() ?: 0
        if (begun < 0 || heldOpen != 0 || !hasNoCoroutine) return -1
        val gathers = addedDroppable()
        if (gathers < 0) return -1
        begun += gathers + everHeldOpen + opened
        val scopes = inner ?: return begun
        for (scope in scopes) {
            val below = scope.contents.begunIfOver()
            if (below < 0) return -1
            begun += below
        }
        return begun
    }

    /** Calls [waiter] when all may be over, here or in a scope inside. */
    fun subscribe(waiter: Waiter) {
        val queue = madeOnce(this, { waiters }) { WaitQueue().also { waiters = it } }
        queue.subscribe(waiter) { dropped.waiters(1) }
    }

    fun unsubscribe(waiter: Waiter) {
        if (waiters?.remove(waiter) == true) dropped.waiters(-1)
    }

    fun wake() {
        var each: ScopeContents? = this
        while (each != null) {
            each.waiters?.wakeAll()
            each = each.around
        }
    }

    private companion object {
        // Field updaters, because an atomic object per field costs 16 bytes.
        val OPENED = AtomicIntegerFieldUpdater.newUpdater(ScopeContents::class.java, "opened")
        val HELD_OPEN = AtomicIntegerFieldUpdater.newUpdater(ScopeContents::class.java, "heldOpen")
        val EVER_HELD_OPEN =
            AtomicIntegerFieldUpdater.newUpdater(ScopeContents::class.java, "everHeldOpen")
    }
}
