package io.github.coro4j.internal.job

import io.github.coro4j.Outcome
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.ConcurrentHashMap

/**
 * Attaches exceptions as suppressed to the exception of a group (R17). It knows which exceptions
 * several futures failed with, and attaches nothing to those, because exceptions belong to the
 * user. It holds exceptions weakly and compares them by identity.
 */
internal class SharedFailures {
    private class Use(exception: Throwable, queue: ReferenceQueue<Throwable>?) :
        WeakReference<Throwable>(exception, queue) {
        private val hash = System.identityHashCode(exception)

        /** True once work of the user has failed with it. */
        var hasEnded = false

        /** True once a second piece of work has failed with it. */
        var isShared = false

        /** The job that attached something to it, or null. */
        var attachedBy: WeakReference<Any>? = null

        override fun hashCode() = hash

        override fun equals(other: Any?) =
            this === other || other is Use && get().let { it != null && it === other.get() }
    }

    private val uses = ConcurrentHashMap<Use, Use>()
    private val collected = ReferenceQueue<Throwable>()

    private fun useOf(exception: Throwable): Use {
        while (true) uses.remove(collected.poll() ?: break)
        return uses[Use(exception, null)]
            ?: Use(exception, collected).let { uses.putIfAbsent(it, it) ?: it }
    }

    /**
     * Notes that work has failed with [exception]. A future that takes over the failure of another
     * future does not call this.
     */
    fun ended(exception: Throwable) {
        val use = useOf(exception)
        synchronized(use) { if (use.hasEnded) use.isShared = true else use.hasEnded = true }
    }

    /**
     * Attaches [others] to [primary], unless [primary] is shared or another job has attached to it.
     * [member] is the job from which the job [by] took [primary] over.
     *
     * @return all exceptions that a reader of [primary] can reach
     */
    fun attach(
        primary: Throwable,
        others: List<Throwable>,
        by: Any,
        member: Any? = null,
    ): Set<Throwable> = attachAll(primary, if (claim(primary, by, member)) others else emptyList())

    /**
     * Does what [attach] does, where readers get [primary] as `join`, `get` and `await` throw it.
     * If they throw its cause instead, their callers never see what is suppressed in [primary]. So
     * this attaches nothing then.
     *
     * @return all exceptions that every reader of [primary] can reach
     */
    fun attachForReaders(
        primary: Throwable,
        others: List<Throwable>,
        by: Any,
        member: Any? = null,
    ): Set<Throwable> {
        val thrown = Outcome.Failure<Any?>(primary).cause()
        return if (thrown === primary) attach(primary, others, by, member)
        else linksOf(thrown).apply { add(primary) }
    }

    private fun claim(exception: Throwable, by: Any, member: Any?): Boolean {
        val use = useOf(exception)
        synchronized(use) {
            val claimed = use.attachedBy
            val isOurs =
                claimed == null || claimed.get().let { it != null && (it === by || it === member) }
            // A job attaches before it ends, so an end noted earlier is that of another job.
            val isNew = by !is FutureJob<*> || !use.hasEnded
            if (use.isShared || !isOurs || !isNew) return false
            use.attachedBy = WeakReference(by)
            return true
        }
    }

    companion object {
        /** The largest number of suppressed exceptions that this class gives an exception. */
        private const val MOST_ATTACHED = 32
        private const val MOST_LINKS = 1_000

        /**
         * Attaches [others] to [primary], which no other thread can see yet.
         *
         * @return all exceptions that a reader of [primary] can reach
         */
        fun attachAll(primary: Throwable, others: List<Throwable>): Set<Throwable> {
            val seen = identitySet()
            val isKnown = visitLinks(primary, seen)
            var room = MOST_ATTACHED - primary.suppressed.size
            for (other in others) {
                if (other in seen) continue
                if (!isKnown || room <= 0 || leadsTo(other, primary)) continue
                primary.addSuppressed(other)
                room--
                visitLinks(other, seen)
            }
            // This reads them again, because an exception may have suppression disabled.
            return linksOf(primary)
        }

        /** Returns [start] and the exceptions that it leads to, as far as they can be read. */
        private fun linksOf(start: Throwable): MutableSet<Throwable> =
            identitySet().also { visitLinks(start, it) }

        /**
         * Adds [start] and all exceptions that it leads to. Returns false if one cannot be read.
         */
        private fun visitLinks(start: Throwable, seen: MutableSet<Throwable>): Boolean {
            val pending = ArrayDeque<Throwable>()
            if (seen.add(start)) pending.add(start)
            while (true) {
                val each = pending.removeFirstOrNull() ?: return true
                val cause =
                    try {
                        each.cause
                    } catch (e: Throwable) {
                        return false
                    }
                if (cause != null && seen.add(cause)) pending.add(cause)
                for (suppressed in each.suppressed) if (seen.add(suppressed))
                    pending.add(suppressed)
                if (seen.size > MOST_LINKS) return false
            }
        }

        /** Returns whether [start] leads to [target], or cannot be read and so might lead there. */
        private fun leadsTo(start: Throwable, target: Throwable): Boolean {
            val links = identitySet()
            return !visitLinks(start, links) || target in links
        }

        private fun identitySet(): MutableSet<Throwable> =
            Collections.newSetFromMap(IdentityHashMap())
    }
}
