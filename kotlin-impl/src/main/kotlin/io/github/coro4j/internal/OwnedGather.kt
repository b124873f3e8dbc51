package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.ThrowingFunction
import java.util.concurrent.atomic.AtomicInteger

/**
 * The future of a group that starts its own children. It owns them, so it need not watch them: a
 * child that ends tells its owner, which counts.
 */
internal class OwnedGather<T, R>(
    override val scope: ScopeImpl,
    items: Array<Any>,
    private val body: ThrowingFunction<Any, T>,
    policy: Policy<T, R>,
    private val limit: Int,
) : GroupJob<T, R>(scope, policy), Owner {
    private val allAtOnce = limit >= items.size
    public override val members: Array<ItemJob<T>> =
        Array(items.size) {
            ItemJob(this, it, items[it]).apply { if (allAtOnce) queueUnshared() }
        }

    /**
     * The children that have not ended, and one for the group itself: at zero it leaves its scope.
     */
    private val remaining = AtomicInteger(items.size + 1)

    /** The next child to dispatch. Only whoever raised [turns] from zero moves it. */
    private var cursor = 0
    private val turns = AtomicInteger()

    /** With one permit: who has it. */
    @Volatile private var holder: ItemJob<T>? = null

    override fun nameOf(job: FutureJob<*>): String = "${name()}[${(job as ItemJob<*>).index}]"

    fun apply(item: Any): T = body.apply(item)

    fun begin(name: String?): Future<R> {
        label = name
        // The children are not listed, one by one: they live in the scope as members of this group,
        // which stays until the last of them has ended.
        scope.list(this, "gather")
        when {
            members.isEmpty() -> finish()
            !allAtOnce -> dispatch(limit)
            members.size > 1 && Crew.serves(scope) -> Crew(this, members).start()
            else -> members.forEach { if (!isStopping) it.submit() }
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
                if (limit == 1) holder = child
                if (child.dispatch(BodyJob.DISPATCHED)) break
                // Cancelled before it got a permit, so it has none to give back: the next one may
                // have this one.
            }
        } while (turns.decrementAndGet() != 0)
    }

    override fun ended(job: FutureJob<*>) {
        @Suppress("UNCHECKED_CAST") val child = job as ItemJob<T>
        memberEnded(child)
        // Permits count bodies that were handed over, and a body has ended before its job has
        // (R22).
        if (!allAtOnce && child.wasDispatched) dispatch(1)
        val runner = Runner.here()
        if (runner.tallyFor === this) runner.tally++ else countEnded(1)
    }

    /** So many more children have ended. */
    fun countEnded(count: Int) {
        when (remaining.addAndGet(-count)) {
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
    fun holderOfTheOnlyPermit(): ItemJob<T>? = holder?.takeIf {
        it.wasDispatched && !it.isCompleted
    }

    override fun addTo(jobs: MutableList<FutureJob<*>>) {
        super.addTo(jobs)
        for (child in members) if (!child.isCompleted) jobs.add(child)
    }
}
