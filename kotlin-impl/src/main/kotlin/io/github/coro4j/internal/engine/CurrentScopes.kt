package io.github.coro4j.internal.engine

import io.github.coro4j.internal.scope.ScopeImpl
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap

/** The scopes that are current on threads without a task, for tests. */
internal class CurrentScopes {
    private val scopes = ConcurrentHashMap<Thread, ScopeImpl>()

    /** Returns the scope of the call on this thread, or null. */
    fun here(): ScopeImpl? = if (scopes.isEmpty()) null else scopes[Thread.currentThread()]

    fun <T> callIn(scope: ScopeImpl, call: Callable<out T>): T {
        val thread = Thread.currentThread()
        val outer = scopes.put(thread, scope)
        try {
            return call.call()
        } finally {
            if (outer == null) scopes.remove(thread) else scopes[thread] = outer
        }
    }
}
