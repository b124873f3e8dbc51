package io.github.coro4j.internal.gather

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Gather.When
import io.github.coro4j.GatherPolicy
import io.github.coro4j.Outcome
import io.github.coro4j.Partition
import io.github.coro4j.ProgressListener
import io.github.coro4j.ThrowingFunction
import io.github.coro4j.internal.base.capacityOf
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.positive
import io.github.coro4j.internal.base.readOnce
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.gather.group.EagerSource
import io.github.coro4j.internal.gather.group.FuturesSource
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.group.GroupSettings
import io.github.coro4j.internal.gather.group.LimitedSource
import io.github.coro4j.internal.gather.group.MemberSource
import io.github.coro4j.internal.gather.group.ReadItems
import io.github.coro4j.internal.gather.group.StoredItems
import io.github.coro4j.internal.gather.group.WorkerSource
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
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.spi.Label
import java.time.Duration
import java.util.concurrent.atomic.AtomicReference
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
        throw IllegalStateException(
            "concurrency($atOnce) cannot hold back the children of $this, which already run; " +
                "let the gather start them: scope.gather(items, body).concurrency($atOnce)"
        )
    }

    override fun with(settings: GroupSettings) = FuturesGather(engine, children, settings)

    override fun <R> begin(policy: Policy<T, R>): JobHandle<R> =
        GroupJob(engine.currentScope(), FuturesSource(children), policy, settings).begin()

    /** Gives out each future once, even if it was passed twice. */
    override fun complete(): CompletionStream<T> {
        val distinct = children.distinct()
        if (distinct.size == size) return super.complete()
        return FuturesGather(engine, distinct.toTypedArray(), settings).complete()
    }

    override fun toString(): String = textOf(counted(size, "future"))
}

/** The scope and the function of the bodies that a plan starts. */
internal class Bodies<T>(val scope: JobScope, val function: ThrowingFunction<Any, T>)

/** A plan over bodies, which start when a policy is called. Only one policy can be called. */
internal class BodiesGather<T>(
    private val bodies: Bodies<T>,
    private val source: Source,
    settings: GroupSettings = GroupSettings(),
) : GatherPlan<T, BodiesGather<T>>(settings) {
    /**
     * The items for the bodies: an array, or an `Iterable` that is read when a policy is called.
     */
    class Source(private var items: Any?, size: Int, val parameter: String) {
        var size = size
            private set

        /**
         * The name of the policy that has started the bodies, or null. A name keeps nothing alive.
         */
        val startedBy = AtomicReference<String?>()

        fun read(scope: JobScope) {
            val given = items as? Iterable<*> ?: return
            val copy = copyOf(given, parameter, scope)
            items = copy
            size = copy.size
        }

        /** Returns the members of a group that runs [bodies] for the items. */
        fun <T> membersFor(bodies: Bodies<T>, concurrency: Int): MemberSource<T> {
            if (concurrency == Int.MAX_VALUE) read(bodies.scope)
            val function = bodies.function
            val given = items
            if (given is Iterable<*>)
                return LimitedSource(function, ReadItems(given, parameter), concurrency)
            @Suppress("UNCHECKED_CAST") val array = given as Array<Any?>
            return when {
                size > concurrency -> LimitedSource(function, StoredItems(array), concurrency)
                size > 1 && WorkerSource.serves(bodies.scope) -> WorkerSource(function, array)
                else -> EagerSource(function, array)
            }
        }

        /** Releases the items, because the group has them now. */
        fun forget() {
            items = null
        }
    }

    override val size: Int
        get() = source.size

    override fun readSize() {
        source.startedBy.get()?.let { throw startedBefore(it) }
        bodies.scope.checkOpen { "gather" }
        if (settings.concurrency == Int.MAX_VALUE) source.read(bodies.scope)
    }

    override fun with(settings: GroupSettings) = BodiesGather(bodies, source, settings)

    private fun startedBefore(by: String?) =
        IllegalStateException(
            "$this was already started by ${by ?: "another call"}, and its bodies run once; " +
                "keep the future that call returned, or make a new gather. See docs/errors.md#gather-started-twice"
        )

    override fun <R> begin(policy: Policy<T, R>): JobHandle<R> {
        if (!source.startedBy.compareAndSet(null, policy.verb))
            throw startedBefore(source.startedBy.get())
        var isStarted = false
        try {
            bodies.scope.checkOpen { "gather" }
            val members = source.membersFor(bodies, settings.concurrency)
            val future = GroupJob(bodies.scope, members, policy, settings).begin()
            isStarted = true
            source.forget()
            return future
        } finally {
            // The scope is closed, or the items cannot be read.
            if (!isStarted) source.startedBy.set(null)
        }
    }

    override fun toString(): String =
        textOf(if (size < 0) "bodies" else counted(size, "body", "bodies"))

    companion object {
        /** Checks the items before any body starts (R19), unless they are read one by one. */
        fun source(items: Iterable<Any?>, parameter: String, scope: JobScope): Source {
            scope.checkOpen { "gather" }
            if (items !is Collection) return Source(items, -1, parameter)
            val copy = copyOf(items, parameter, scope)
            return Source(copy, copy.size, parameter)
        }

        private fun copyOf(
            items: Iterable<Any?>,
            parameter: String,
            scope: JobScope,
        ): Array<Any?> {
            val copy = ArrayList<Any?>(capacityOf(items))
            for (item in readOnce(items, parameter) { notGathered(scope) }) {
                copy.add(
                    item
                        ?: throw NullPointerException(
                            "$parameter[${copy.size}] must not be null: ${notGathered(scope)}; leave it out"
                        )
                )
            }
            return copy.toTypedArray()
        }
    }
}

internal fun notGathered(scope: JobScope) = "nothing was started in ${scope.toLabel()}"
