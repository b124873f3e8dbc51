package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.ThrowingFunction
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference

/**
 * The future of a group that starts its own children. It owns them, so it needs no handler on each:
 * a child that ends tells its owner, which counts. That costs a child nothing, where `awaitAll`
 * costs 56 bytes a child.
 */
internal class OwnedGather<T>(
    override val scope: ScopeImpl,
    items: Array<Any>,
    private val body: ThrowingFunction<Any, T>,
    private val policy: Policy,
    private val limit: Int,
) : GroupJob<List<Any?>>(scope), Owner {
    private val allAtOnce = limit >= items.size
    private val members: Array<ItemJob<T>> =
        Array(items.size) {
            ItemJob(this, it, items[it]).apply { if (allAtOnce) queueUnshared() }
        }

    /**
     * The children that have not ended, and one for the group itself: at zero it leaves its scope.
     */
    private val remaining = AtomicInteger(items.size + 1)
    private val first = AtomicReference<ItemJob<T>?>()

    /** The next child to dispatch. Only whoever raised [turns] from zero moves it. */
    private var cursor = 0
    private val turns = AtomicInteger()

    override fun nameOf(job: FutureJob<*>): String = "${name()}[${(job as ItemJob<*>).index}]"

    fun apply(item: Any): T = body.apply(item)

    fun begin(name: String?): Future<List<Any?>> {
        label = name
        // The children are not listed, one by one: they live in the scope as members of this group,
        // which stays until the last of them has ended.
        scope.list(this, "gather")
        when {
            members.isEmpty() -> finish()
            allAtOnce -> members.forEach { if (!isStopping) it.submit() }
            else -> dispatch(limit)
        }
        return handle()
    }

    /**
     * Hands the next [count] children to the executor. One thread at a time does it, and does it
     * for those who come meanwhile: an executor that runs a body on the spot comes back here from
     * the end of that body, and must not recurse.
     */
    private fun dispatch(count: Int) {
        if (turns.getAndAdd(count) != 0) return
        do {
            while (cursor < members.size && !isStopping) {
                val child = members[cursor++]
                if (child.dispatch(BodyJob.DISPATCHED)) break
                // Cancelled before it got a permit, so it has none to give back: the next one may
                // have this one.
            }
        } while (turns.decrementAndGet() != 0)
    }

    /**
     * Children that have not begun are on their way to being ended unbegun. A group that has failed
     * lets its children run on.
     */
    private val isStopping: Boolean
        get() = isCancelRequested || policy == Policy.FAIL_FAST && first.get() != null

    override fun ended(job: FutureJob<*>) {
        @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
        if (
            exceptionOf(child) != null &&
                policy != Policy.SETTLED &&
                !isCancelled &&
                first.compareAndSet(null, child)
        ) {
            if (policy == Policy.ALL) conclude { endWith(surface(child)) } else stopOthers(child)
        }
        // Permits count bodies that were handed over, and a body has ended before its job has
        // (R22).
        if (!allAtOnce && child.wasDispatched) dispatch(1)
        when (remaining.decrementAndGet()) {
            1 -> finish() // does nothing if the group has failed, and waits here for its last child
            0 -> scope.ended(this)
        }
    }

    override fun leaveOwner() {
        if (remaining.decrementAndGet() == 0) super.leaveOwner()
    }

    /**
     * Whom a child without a permit waits for, where it is one: with several permits it is whoever
     * ends first.
     */
    fun holderOfTheOnlyPermit(): ItemJob<T>? =
        if (limit != 1) null else members.firstOrNull { it.wasDispatched && !it.isCompleted }

    override fun addTo(jobs: MutableList<FutureJob<*>>) {
        super.addTo(jobs)
        for (child in members) if (!child.isCompleted) jobs.add(child)
    }

    private fun stopOthers(failed: ItemJob<T>) {
        val reason = "${failed.toLabel()} failed"
        FutureJob.cancelAll(members.filter { it !== failed }, reason, interrupt = true)
    }

    /** The last child has ended. */
    private fun finish() = conclude {
        val failed = first.get()
        when {
            failed != null -> {
                surfaceBeside(failed, members.filter { it !== failed })
                endWith(surface(failed))
            }
            isCancelled -> endWith(getCancellationException())
            policy == Policy.SETTLED -> succeed(settledList(members.asList()))
            else -> succeed(resultList(members.map { it.end }))
        }
    }

    private inline fun conclude(end: () -> Unit) {
        if (advance(PENDING, CONCLUDED)) end()
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        FutureJob.cancelAll(members.asList(), reason, interrupt)
    }

    override fun dependencies(visit: (Awaited) -> Unit) {
        for (child in members) if (!child.isCompleted) visit(child)
    }

    private companion object {
        const val PENDING = 0
        const val CONCLUDED = 1
    }
}
