package io.github.coro4j.internal.gather

import io.github.coro4j.Future
import io.github.coro4j.Gather.When
import io.github.coro4j.KeyedGather
import io.github.coro4j.KeyedPartition
import io.github.coro4j.Outcome
import io.github.coro4j.Partition
import io.github.coro4j.ProgressListener
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.gather.policy.All
import io.github.coro4j.internal.gather.policy.AtLeast
import io.github.coro4j.internal.gather.policy.AtTimeout
import io.github.coro4j.internal.gather.policy.FailFast
import io.github.coro4j.internal.gather.policy.FirstDone
import io.github.coro4j.internal.gather.policy.FirstSuccess
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.gather.policy.Settled
import io.github.coro4j.internal.gather.policy.Until
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.GroupEnd
import io.github.coro4j.internal.job.named
import io.github.coro4j.internal.job.valueOf
import java.time.Duration
import java.util.AbstractMap.SimpleImmutableEntry
import java.util.Collections

/**
 * A plan over futures that have [keys]. It uses the policies of [plan], and adds the keys to their
 * results.
 */
internal class KeyedFuturesGather<K, T>(
    private val keys: List<K>,
    private val plan: FuturesGather<T>,
) : KeyedGather<K, T> {
    override fun named(name: String) = KeyedFuturesGather(keys, plan.named(name))

    override fun timeout(limit: Duration) = KeyedFuturesGather(keys, plan.timeout(limit))

    override fun onProgress(listener: ProgressListener) =
        KeyedFuturesGather(keys, plan.onProgress(listener))

    override fun all(): Future<Map<K, T>> = begin(All()) { _, _, list -> mapOf(list) }

    override fun failFast(): Future<Map<K, T>> = begin(FailFast()) { _, _, list -> mapOf(list) }

    override fun settled(): Future<Map<K, Outcome<T>>> =
        begin(Settled()) { _, _, list -> mapOf(list) }

    override fun firstSuccess(): Future<Map.Entry<K, T>> {
        plan.checkNotEmpty("firstSuccess()")
        return begin(FirstSuccess<T, T>(keys.size), ::entryOf)
    }

    override fun firstDone(): Future<Map.Entry<K, Outcome<T>>> {
        plan.checkNotEmpty("firstDone()")
        return begin(FirstDone(), ::entryOf)
    }

    override fun atLeast(k: Int): Future<Map<K, T>> {
        plan.checkQuorum(k)
        val policy = AtLeast<T>(k, keys.size)
        return begin(policy) { _, members, list ->
            val successful = policy.successful
            mapOf(keys.filterIndexed { index, _ -> members[index] in successful }, list as List<*>)
        }
    }

    override fun until(condition: When): Future<KeyedPartition<K, T>> {
        requireArgument(condition, "condition") { "$this was not started" }
        return begin(Until(condition)) { _, members, parts ->
            @Suppress("UNCHECKED_CAST") val done = (parts as Partition<T>).done()
            val (ended, pending) = members.indices.partition { members[it].handle() in done }
            KeyedPartition(futures(ended, members), futures(pending, members))
        }
    }

    private fun futures(indices: List<Int>, members: List<FutureJob<T>>): Map<K, Future<T>> =
        indices.associateTo(LinkedHashMap()) { keys[it] to members[it].handle() }

    private fun entryOf(decider: FutureJob<T>?, members: List<FutureJob<T>>, value: Any?): Any =
        // If the future has several keys, use the first one.
        SimpleImmutableEntry(keys[members.indexOfFirst { it === decider }], value)

    private fun mapOf(list: Any?): Any = mapOf(keys, list as List<*>)

    private fun mapOf(keys: List<K>, values: List<*>): Any {
        val map = LinkedHashMap<K, Any?>(2 * keys.size)
        for (index in keys.indices) map[keys[index]] = values[index]
        return Collections.unmodifiableMap(map)
    }

    private fun <R, S> begin(
        policy: Policy<T, S>,
        withKeys: (FutureJob<T>?, List<FutureJob<T>>, Any?) -> Any,
    ): Future<R> = plan.begin(Keyed(policy, withKeys))

    override fun toString(): String = "keyed $plan"
}

/** Does what [inner] does, with keys in its value. */
private class Keyed<T, R>(
    private val inner: Policy<T, *>,
    withKeys: (FutureJob<T>?, List<FutureJob<T>>, Any?) -> Any,
) : Policy<T, R>(inner.verb) {
    /** The function that adds the keys; null after the end, because it keeps them alive. */
    private var withKeys: ((FutureJob<T>?, List<FutureJob<T>>, Any?) -> Any)? = withKeys

    override fun forget() {
        inner.forget()
        withKeys = null
    }

    override val atTimeout: AtTimeout
        get() = inner.atTimeout

    override val isPrompt: Boolean
        get() = inner.isPrompt

    override val attaches: Any
        get() = inner.attaches

    override fun reason(decider: FutureJob<T>, label: String) = inner.reason(decider, label)

    override fun ended(index: Int, member: FutureJob<T>) = inner.ended(index, member)

    override val runsUserCode: Boolean
        get() = inner.runsUserCode

    override val keepsMembers: Boolean
        get() = inner.keepsMembers

    override val showsUnbegun: Boolean
        get() = inner.showsUnbegun

    override fun surfacing(decider: FutureJob<T>?) = inner.surfacing(decider)

    override fun failure(decider: FutureJob<T>?, members: List<FutureJob<T>>) =
        inner.failure(decider, members)

    override fun value(decider: FutureJob<T>?, members: List<FutureJob<T>>): Any {
        val end = inner.value(decider, members)
        val keyed = withKeys!!(decider, members, valueOf(end))
        return if (end is GroupEnd) GroupEnd(keyed, end::markRead) else keyed
    }
}
