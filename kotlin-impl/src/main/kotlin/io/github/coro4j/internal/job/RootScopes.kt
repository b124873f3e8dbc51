package io.github.coro4j.internal.job

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference

/**
 * The open scopes that are inside no other scope, for `TaskScope.dumpAll`. It does not keep them
 * alive, because the user may forget to close one. An entry costs 48 bytes, and adding or removing
 * it one lock.
 */
internal class RootScopes {
    /** The place of a scope. The places link to each other. */
    class Entry(scope: JobScope, queue: ReferenceQueue<JobScope>) :
        WeakReference<JobScope>(scope, queue) {
        internal var before: Entry? = null
        internal var after: Entry? = null
        internal var isListed = true
    }

    private val collected = ReferenceQueue<JobScope>()
    private var first: Entry? = null

    fun add(scope: JobScope): Entry {
        while (true) remove(collected.poll() as Entry? ?: break)
        val entry = Entry(scope, collected)
        synchronized(this) {
            entry.after = first
            first?.before = entry
            first = entry
        }
        return entry
    }

    @Synchronized
    fun remove(entry: Entry) {
        if (!entry.isListed) return
        entry.isListed = false
        entry.clear()
        val before = entry.before
        val after = entry.after
        if (before == null) first = after else before.after = after
        after?.before = before
    }

    /** Returns the scopes, in the order in which they were opened. */
    @Synchronized
    fun all(): List<JobScope> {
        val scopes = ArrayList<JobScope>()
        var entry = first
        while (entry != null) {
            entry.get()?.let(scopes::add)
            entry = entry.after
        }
        return scopes.asReversed()
    }
}
