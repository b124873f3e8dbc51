package io.github.coro4j.internal

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.ConcurrentHashMap

/**
 * Attaches exceptions to those that surface (R17), and knows which exceptions several ends share:
 * exceptions belong to the user, so a shared one is never written into. It holds exceptions weakly
 * and compares them by identity.
 */
internal class SharedFailures {
    private class Use(exception: Throwable, queue: ReferenceQueue<Throwable>?) :
        WeakReference<Throwable>(exception, queue) {
        private val hash = System.identityHashCode(exception)

        /** Work of the user has failed with it. */
        var hasEnded = false

        /** Work of the user has failed with it again, elsewhere. */
        var isShared = false

        /** The end that has attached something to it. */
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
     * Work has failed with [exception]; not called where a future takes over the failure of
     * another.
     */
    fun ended(exception: Throwable) {
        val use = useOf(exception)
        synchronized(use) { if (use.hasEnded) use.isShared = true else use.hasEnded = true }
    }

    /**
     * Attaches [others] to [primary], unless [primary] is shared or another end has attached to it.
     * [member] is the end from which the end [by] has taken [primary] over.
     *
     * @return those of [others] that a reader of [primary] can see now
     */
    fun attach(
        primary: Throwable,
        others: List<Throwable>,
        by: Any,
        member: Any? = null,
    ): Set<Throwable> = attachAll(primary, if (claim(primary, by, member)) others else emptyList())

    private fun claim(exception: Throwable, by: Any, member: Any?): Boolean {
        val use = useOf(exception)
        synchronized(use) {
            val claimed = use.attachedBy
            val isOurs =
                claimed == null || claimed.get().let { it != null && (it === by || it === member) }
            // A job attaches before it ends. What has ended before is then another job's.
            val isNew = by !is FutureJob<*> || !use.hasEnded
            if (use.isShared || !isOurs || !isNew) return false
            use.attachedBy = WeakReference(by)
            return true
        }
    }

    companion object {
        /** How many suppressed exceptions an exception of the user's is given at most. */
        private const val MOST_ATTACHED = 32
        private const val MOST_LINKS = 1_000

        /**
         * Attaches [others] to [primary], which nobody else has yet.
         *
         * @return those of [others] that a reader of [primary] can see now; an exception may have
         *   been made without room for suppressed ones
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
            // Looked at again, because an exception can be made without room for suppressed ones.
            val carried = identitySet()
            visitLinks(primary, carried)
            return carried
        }

        /**
         * Adds [start] and the exceptions that it leads to. False if they could not all be read.
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

        /** Whether [start] leads to [target], or cannot be read: then it might. */
        private fun leadsTo(start: Throwable, target: Throwable): Boolean {
            val links = identitySet()
            return !visitLinks(start, links) || target in links
        }

        private fun identitySet(): MutableSet<Throwable> =
            Collections.newSetFromMap(IdentityHashMap())
    }
}
