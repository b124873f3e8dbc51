package io.github.coro4j.internal.engine

import io.github.coro4j.Future
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.dump.ActivityTaker
import io.github.coro4j.internal.job.Awaitable
import io.github.coro4j.internal.job.EngineServices
import io.github.coro4j.internal.job.ThreadState
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.scopeOf
import io.github.coro4j.internal.job.startedAt
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.internal.time.GivenTime
import io.github.coro4j.internal.time.ScopeTime
import io.github.coro4j.internal.wait.scopeOfCode
import io.github.coro4j.spi.Activity
import io.github.coro4j.spi.Engine
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap

/** What tests of users need of the engine. */
internal abstract class TestedEngine : EngineServices(), Engine {
    /** The scopes that are current on threads without a task. */
    private val scopesOfCalls = ConcurrentHashMap<Thread, ScopeImpl>()

    /** Returns the scope of the call on this thread, or null. */
    protected fun scopeOfCall(): ScopeImpl? =
        if (scopesOfCalls.isEmpty()) null else scopesOfCalls[Thread.currentThread()]

    final override fun <T> callIn(scope: TaskScope, call: Callable<out T>): T {
        val within = scopeOf(scope) { "nothing was called in it" } as ScopeImpl
        val thread = Thread.currentThread()
        val outer = scopesOfCalls.put(thread, within)
        try {
            return call.call()
        } finally {
            if (outer == null) scopesOfCalls.remove(thread) else scopesOfCalls[thread] = outer
        }
    }

    final override fun timeHere(): ScopeTime =
        ThreadState.orNull()?.let(::scopeOfCode)?.time ?: scopeOfCall()?.time ?: realTime

    final override fun beforeWaitOutside(time: ScopeTime, awaited: Awaitable) {
        (time as? GivenTime)?.beforeWaitOutside(awaited.toLabel(), awaited::isOver)
    }

    /**
     * Returns the scope in which code without a scope of its own starts work: the global scope, or
     * one with the same time as the code that runs here.
     */
    protected fun outerScope(): ScopeImpl {
        val time = timeHere() as? GivenTime ?: return globalScope() as ScopeImpl
        val work = time.work
        (work.outer as ScopeImpl?)?.let {
            return it
        }
        return synchronized(work) {
            work.outer as ScopeImpl? ?: openOuter(time).also { work.outer = it }
        }
    }

    private fun openOuter(time: GivenTime): ScopeImpl {
        val reports = ThreadState.orNull()?.let(::scopeOfCode)
        val settings =
            ScopeSettings(
                "global",
                null,
                null,
                reports?.let { { r -> it.report(r) } },
                null,
                null,
                listOf(),
                time.shared(),
                null,
            )
        return ScopeImpl(this, settings, null)
    }

    final override fun codeHere(): String? = ThreadState.orNull()?.codeHere()

    final override fun startedAt(future: Future<*>): String? =
        jobOf(future) { "future" }.startedAt()

    final override fun activity(scope: TaskScope, listsWaiting: Boolean): Activity =
        ActivityTaker(listsWaiting).take(scopeOf(scope) { "nothing was looked at" })

    final override fun wasReadLater(scope: TaskScope, exception: Throwable): Boolean {
        val within = scopeOf(scope) { "nothing was read in it" }
        return within.time.work?.readLater?.contains(exception) == true
    }

    final override fun rootScopes(): List<TaskScope> = roots.all()
}
