package io.github.coro4j.internal.gather

import io.github.coro4j.ConcurrencyLimit
import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Gather.When
import io.github.coro4j.GatherPolicy
import io.github.coro4j.Outcome
import io.github.coro4j.Partition
import io.github.coro4j.ProgressListener
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.positive
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.gather.group.FuturesSource
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.group.GroupSettings
import io.github.coro4j.internal.gather.group.SharedLimit
import io.github.coro4j.internal.gather.policy.All
import io.github.coro4j.internal.gather.policy.AtLeast
import io.github.coro4j.internal.gather.policy.FailFast
import io.github.coro4j.internal.gather.policy.FirstDone
import io.github.coro4j.internal.gather.policy.FirstSuccess
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.gather.policy.Settled
import io.github.coro4j.internal.gather.policy.Until
import io.github.coro4j.internal.gather.policy.UserPolicy
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.spi.Label
import java.time.Duration
import java.util.function.Supplier
import java.util.stream.Stream

/** The policies of a gather, for children of any kind. */
internal abstract class GatherPlan<T, P : GatherPlan<T, P>>(protected val settings: GroupSettings) :
    Gather<T> {
    /** Number of children that there will be, or -1 if unknown. */
    protected abstract val size: Int

    /** Reads the items, if necessary, before a policy that depends on [size] starts. */
    protected open fun readSize() = Unit

    /** Starts a group. */
    abstract fun <R> begin(policy: Policy<T, R>): JobHandle<R>

    protected abstract fun with(settings: GroupSettings): P

    // ---- limits

    override fun named(name: String): P {
        requireName(name) { "$this was not named; leave named() out, and it gets a name" }
        return with(settings.copy(name = name))
    }

    override fun concurrency(atOnce: Int): P {
        require(atOnce > 0) {
            "atOnce must be at least 1, but is $atOnce: $this was not started; " +
                "leave concurrency() out to run all bodies at once"
        }
        return with(settings.copy(concurrency = atOnce))
    }

    override fun concurrency(limit: ConcurrencyLimit): P {
        requireArgument(limit, "limit") {
            "$this was not started; leave concurrency() out to run all bodies at once"
        }
        val shared =
            limit as? SharedLimit
                ?: throw IllegalArgumentException(
                    "limit is a ${limit.javaClass.name}, which is no limit of this engine: " +
                        "$this was not started; use ConcurrencyLimit.of"
                )
        return with(settings.copy(limit = shared))
    }

    override fun timeout(limit: Duration): P {
        positive(limit, "limit") { "$this was not started; leave timeout() out for no limit" }
        return with(settings.copy(timeout = limit))
    }

    override fun onProgress(listener: ProgressListener): P {
        requireArgument(listener, "listener") { "$this was not started; leave onProgress() out" }
        return with(settings.copy(progress = listener))
    }

    // ---- policies

    override fun all(): Future<List<T>> = begin(All())

    override fun failFast(): Future<List<T>> = begin(FailFast())

    override fun settled(): Future<List<Outcome<T>>> = begin(Settled())

    override fun firstSuccess(): Future<T> {
        readSize()
        checkNotEmpty("firstSuccess()")
        return begin(FirstSuccess(size))
    }

    override fun firstDone(): Future<Outcome<T>> {
        readSize()
        checkNotEmpty("firstDone()")
        return begin(FirstDone())
    }

    override fun atLeast(k: Int): Future<List<T>> {
        readSize()
        checkQuorum(k)
        return begin(AtLeast(k, size))
    }

    override fun until(condition: When): Future<Partition<T>> {
        requireArgument(condition, "condition") { "$this was not started" }
        return begin(Until(condition))
    }

    override fun <R> using(policy: Supplier<out GatherPolicy<in T, out R>>): Future<R> {
        requireArgument(policy, "policy") { "$this was not started" }
        val made: GatherPolicy<in T, out R>? = policy.get()
        requireArgument(made, "the policy that the supplier gives") { "$this was not started" }
        return begin(UserPolicy(made!!))
    }

    override fun asCompleted(): CompletionStream<T> = complete()

    override fun stream(): Stream<Future<T>> = complete().stream()

    protected open fun complete(): CompletionStream<T> {
        val completions = CompletionStream<T>()
        completions.group = begin(CompletionStream.Collecting(completions)).job as GroupJob<*, *>
        return completions
    }

    fun checkQuorum(k: Int) =
        require(k >= 1 && (size < 0 || k <= size)) {
            val range = if (size < 0) "at least 1" else "from 1 to $size, the number of children"
            "k must be $range, but is $k: $this was not started; settled() takes any number"
        }

    fun checkNotEmpty(verb: String) =
        check(size != 0) {
            "$verb needs at least one child, but $this has none, and was not started; " +
                "all() and settled() give an empty list"
        }

    protected fun textOf(children: String) =
        "${settings.name?.let { Label.of("Gather", it) } ?: "Gather"} of $children"
}

/** A plan over existing futures. */
internal class FuturesGather<T>(
    private val engine: EngineServices,
    private val children: Array<FutureJob<T>>,
    settings: GroupSettings,
) : GatherPlan<T, FuturesGather<T>>(settings) {
    override val size: Int
        get() = children.size

    override fun concurrency(atOnce: Int): FuturesGather<T> {
        super.concurrency(atOnce)
        throw tooLate("$atOnce")
    }

    override fun concurrency(limit: ConcurrencyLimit): FuturesGather<T> {
        super.concurrency(limit)
        throw tooLate("limit")
    }

    private fun tooLate(argument: String) =
        IllegalStateException(
            "concurrency($argument) cannot hold back the children of $this, which already run; " +
                "let the gather start them: scope.gather(items, body).concurrency($argument)"
        )

    override fun with(settings: GroupSettings) = FuturesGather(engine, children, settings)

    override fun <R> begin(policy: Policy<T, R>): JobHandle<R> =
        GroupJob(
                engine.currentScope().ownerOfStarted(),
                FuturesSource(children),
                policy,
                settings,
            )
            .begin()

    /** Gives out each future once, even if it was passed twice. */
    override fun complete(): CompletionStream<T> {
        val distinct = children.distinct()
        if (distinct.size == size) return super.complete()
        return FuturesGather(engine, distinct.toTypedArray(), settings).complete()
    }

    override fun toString(): String = textOf(counted(size, "future"))
}
