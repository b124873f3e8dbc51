package io.github.coro4j.internal.gather

import io.github.coro4j.internal.base.capacityOf
import io.github.coro4j.internal.base.counted
import io.github.coro4j.internal.base.readOnce
import io.github.coro4j.internal.gather.group.EagerSource
import io.github.coro4j.internal.gather.group.GroupJob
import io.github.coro4j.internal.gather.group.GroupSettings
import io.github.coro4j.internal.gather.group.ItemBody
import io.github.coro4j.internal.gather.group.LimitedSource
import io.github.coro4j.internal.gather.group.MemberSource
import io.github.coro4j.internal.gather.group.ReadItems
import io.github.coro4j.internal.gather.group.StoredItems
import io.github.coro4j.internal.gather.group.WorkerSource
import io.github.coro4j.internal.gather.policy.Policy
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.concurrent.atomic.AtomicReference

/** The scope of the bodies that a plan starts, and what they run. */
internal class Bodies<T>(val scope: JobScope, val body: ItemBody<T>)

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
        fun <T> membersFor(bodies: Bodies<T>, settings: GroupSettings): MemberSource<T> {
            if (!settings.isLimited) read(bodies.scope)
            val concurrency = settings.concurrency
            val limit = settings.limit
            val body = bodies.body
            val given = items
            if (given is Iterable<*>)
                return LimitedSource(body, ReadItems(given, parameter), concurrency, limit)
            @Suppress("UNCHECKED_CAST") val array = given as Array<Any?>
            return when {
                size > concurrency || limit != null && size > 0 ->
                    LimitedSource(body, StoredItems(array), concurrency, limit)
                size > 1 && body.suitsWorkers && WorkerSource.serves(bodies.scope) ->
                    WorkerSource(body, array)
                else -> EagerSource(body, array)
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
        if (!settings.isLimited) source.read(bodies.scope)
    }

    override fun with(settings: GroupSettings) = BodiesGather(bodies, source, settings)

    private fun startedBefore(by: String?) =
        IllegalStateException(
            "$this was already started by ${by ?: "another call"}, and its bodies run once; " +
                "keep the future that call returned, or make a new gather. ${seeError("gather-started-twice")}"
        )

    override fun <R> begin(policy: Policy<T, R>): JobHandle<R> {
        if (!source.startedBy.compareAndSet(null, policy.verb))
            throw startedBefore(source.startedBy.get())
        var isStarted = false
        try {
            bodies.scope.checkOpen { "gather" }
            val members = source.membersFor(bodies, settings)
            val future = GroupJob(bodies.scope.ownerOfStarted(), members, policy, settings).begin()
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
