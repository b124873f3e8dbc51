package io.github.coro4j.internal

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Outcome
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.spi.Label
import java.util.concurrent.atomic.AtomicReference

/** When a group ends, and with what. */
internal enum class Policy(val verb: String) {
    ALL("all()"),
    FAIL_FAST("failFast()"),
    SETTLED("settled()"),
}

private fun Gather<*>.checkLimit(atOnce: Int) =
    require(atOnce > 0) {
        "atOnce must be at least 1, but is $atOnce: $this was not started; " +
            "leave limit() out to run all bodies at once"
    }

private fun Gather<*>.checkName(name: String?) =
    requireName(name) { "$this was not named; leave named() out, and it gets a name" }

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
) : Gather<T> {
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

    @Suppress("UNCHECKED_CAST")
    override fun all(): Future<List<T>> = start(Policy.ALL) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun failFast(): Future<List<T>> = start(Policy.FAIL_FAST) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun settled(): Future<List<Outcome<T>>> =
        start(Policy.SETTLED) as Future<List<Outcome<T>>>

    private fun start(policy: Policy): Future<List<Any?>> =
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
    private val started: AtomicReference<Policy?>,
    private val body: ThrowingFunction<Any, T>,
) : Gather<T> {
    constructor(
        scope: ScopeImpl,
        items: Array<Any>,
        body: ThrowingFunction<Any, T>,
    ) : this(scope, items, null, Int.MAX_VALUE, AtomicReference<Policy?>(), body)

    override fun limit(atOnce: Int): Gather<T> {
        checkLimit(atOnce)
        return BodyPlan(scope, items, name, atOnce, started, body)
    }

    override fun named(name: String): Gather<T> {
        checkName(name)
        return BodyPlan(scope, items, name, limit, started, body)
    }

    @Suppress("UNCHECKED_CAST")
    override fun all(): Future<List<T>> = start(Policy.ALL) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun failFast(): Future<List<T>> = start(Policy.FAIL_FAST) as Future<List<T>>

    @Suppress("UNCHECKED_CAST")
    override fun settled(): Future<List<Outcome<T>>> =
        start(Policy.SETTLED) as Future<List<Outcome<T>>>

    private fun start(policy: Policy): Future<List<Any?>> {
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
