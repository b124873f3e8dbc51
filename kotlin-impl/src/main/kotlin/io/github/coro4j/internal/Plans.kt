package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Outcome
import io.github.coro4j.Partition
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.When
import io.github.coro4j.spi.Label
import java.util.concurrent.atomic.AtomicReference

private fun Gather<*>.checkLimit(atOnce: Int) =
    require(atOnce > 0) {
        "atOnce must be at least 1, but is $atOnce: $this was not started; " +
            "leave limit() out to run all bodies at once"
    }

private fun Gather<*>.checkName(name: String?) =
    requireName(name) { "$this was not named; leave named() out, and it gets a name" }

/** The policies, for whatever the children are. [begin] starts a group. */
internal abstract class Plan<T>(protected val size: Int) : Gather<T> {
    protected abstract fun <R> begin(policy: Policy<T, R>): Future<R>

    @Suppress("UNCHECKED_CAST")
    override fun all(): Future<List<T>> = begin(All<T>()) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun failFast(): Future<List<T>> = begin(FailFast<T>()) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun settled(): Future<List<Outcome<T>>> =
        begin(Settled<T>()) as Future<List<Outcome<T>>>

    override fun firstSuccess(): Future<T> {
        checkNotEmpty("firstSuccess()")
        return begin(FirstSuccess(size))
    }

    override fun firstDone(): Future<Outcome<T>> {
        checkNotEmpty("firstDone()")
        return begin(FirstDone())
    }

    @Suppress("UNCHECKED_CAST")
    override fun atLeast(k: Int): Future<List<T>> {
        require(k in 1..size) {
            "k must be from 1 to $size, the number of children, but is $k: $this was not started; " +
                "settled() takes any number"
        }
        return begin(AtLeast<T>(k, size)) as Future<List<T>>
    }

    override fun until(condition: When): Future<Partition<T>> {
        requireArgument(condition, "condition") { "$this was not started" }
        return begin(Until(condition))
    }

    private fun checkNotEmpty(verb: String) =
        check(size > 0) {
            "$verb needs at least one child, but $this has none, and was not started; " +
                "all() and settled() give an empty list"
        }
}

internal fun notGathered(scope: ScopeImpl) = "nothing was started in ${scope.toLabel()}"

/** All items, looked at before any body starts (R19). */
internal fun copyOf(items: Iterable<Any?>, parameter: String, scope: ScopeImpl): Array<Any> {
    val copy = ArrayList<Any>(if (items is Collection) items.size else 10)
    for (item in items) {
        copy.add(
            item
                ?: throw NullPointerException(
                    "$parameter[${copy.size}] must not be null: ${notGathered(scope)}; leave it out"
                )
        )
    }
    scope.checkOpen { "gather" }
    return copy.toTypedArray()
}

/** A plan about futures that exist. */
internal class FuturePlan<T>(
    private val engine: KotlinEngine,
    private val children: Array<FutureJob<T>>,
    private val name: String?,
) : Plan<T>(children.size) {
    override fun limit(atOnce: Int): Gather<T> {
        checkLimit(atOnce)
        throw IllegalStateException(
            "limit($atOnce) cannot hold back the children of $this, which already run; " +
                "let the gather start them: scope.gather(items, body).limit($atOnce)"
        )
    }

    override fun named(name: String): Gather<T> {
        checkName(name)
        return FuturePlan(engine, children, name)
    }

    override fun <R> begin(policy: Policy<T, R>): Future<R> =
        AwaitingGather(engine.gatherScope(), children, policy).begin(name)

    override fun toString(): String =
        "${name?.let { Label.of("Gather", it) } ?: "Gather"} of ${counted(children.size, "future")}"
}

/** A plan about bodies that start when the policy is called; that can be done once. */
internal class BodyPlan<T>(
    private val scope: ScopeImpl,
    private val items: Array<Any>,
    private val name: String?,
    private val limit: Int,
    private val started: AtomicReference<Policy<*, *>?>,
    private val body: ThrowingFunction<Any, T>,
) : Plan<T>(items.size) {
    constructor(
        scope: ScopeImpl,
        items: Array<Any>,
        body: ThrowingFunction<Any, T>,
    ) : this(scope, items, null, Int.MAX_VALUE, AtomicReference<Policy<*, *>?>(), body)

    override fun limit(atOnce: Int): Gather<T> {
        checkLimit(atOnce)
        return BodyPlan(scope, items, name, atOnce, started, body)
    }

    override fun named(name: String): Gather<T> {
        checkName(name)
        return BodyPlan(scope, items, name, limit, started, body)
    }

    override fun <R> begin(policy: Policy<T, R>): Future<R> {
        if (!started.compareAndSet(null, policy)) {
            throw IllegalStateException(
                "$this was already started by ${started.get()?.verb ?: "another call"}, and its bodies run once; " +
                    "keep the future that call returned, or make a new gather. See docs/errors.md#gather-started-twice"
            )
        }
        try {
            return OwnedGather(scope, items, body, policy, limit).begin(name)
        } catch (e: IllegalStateException) {
            started.set(null) // the scope is closed, and nothing was started
            throw e
        }
    }

    override fun toString(): String =
        "${name?.let { Label.of("Gather", it) } ?: "Gather"} of ${counted(items.size, "body", "bodies")}"
}
