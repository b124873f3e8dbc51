@file:OptIn(InternalCoroutinesApi::class)

package io.github.coro4j.internal

import io.github.coro4j.TaskCancelledException
import io.github.coro4j.internal.engine.KotlinEngine
import io.github.coro4j.internal.job.CancelledEnd
import io.github.coro4j.internal.job.PromiseJob
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.AbstractCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * What the engine uses of kotlinx.coroutines' internals, and how it expects it to behave. A new
 * version that changes one of these breaks here, by name, and not somewhere in a user's program.
 */
class EngineInternalsTest {
    private val engine = KotlinEngine()
    private val scope = ScopeImpl(engine, ScopeSettings("test"), null)

    @Test
    fun theMembersThatTheEngineOverridesOrCallsAreThere() {
        val coroutine = AbstractCoroutine::class.java
        coroutine.getDeclaredConstructor(
            CoroutineContext::class.java,
            Boolean::class.java,
            Boolean::class.java,
        )
        coroutine.getDeclaredMethod("onCancelled", Throwable::class.java, Boolean::class.java)
        val support = coroutine.superclass
        support.getDeclaredMethod("afterCompletion", Any::class.java)
        support.getDeclaredMethod("cancelInternal", Throwable::class.java)
        support.getDeclaredMethod("childCancelled", Throwable::class.java)
        coroutine.getDeclaredMethod("cancellationExceptionMessage")
        coroutine.getMethod(
            "start",
            CoroutineStart::class.java,
            Any::class.java,
            Function2::class.java,
        )
        assertEquals(
            Boolean::class.java,
            support.getDeclaredMethod("cancelCoroutine", Throwable::class.java).returnType,
        )
        Job::class
            .java
            .getMethod(
                "invokeOnCompletion",
                Boolean::class.java,
                Boolean::class.java,
                Function1::class.java,
            )
    }

    private inner class Recording : PromiseJob<String>(scope) {
        val trail = ArrayList<String>()

        override fun onCancelled(cause: Throwable, handled: Boolean) {
            trail.add("cancelled, completed=$isCompleted")
            super.onCancelled(cause, handled)
        }

        override fun afterCompletion(state: Any?) {
            trail.add("after, completed=$isCompleted")
            super.afterCompletion(state)
        }
    }

    @Test
    fun afterCompletionIsCalledOnceWhenTheStateIsFinal() {
        val value = Recording()
        value.complete("x")
        assertEquals(listOf("after, completed=true"), value.trail)
        assertEquals("x", value.getCompleted())
    }

    @Test
    fun onCancelledIsCalledOnceBeforeTheStateIsFinal() {
        val failed = Recording()
        failed.fail(IllegalStateException("boo"))
        assertEquals(listOf("cancelled, completed=false", "after, completed=true"), failed.trail)
        failed.markRead()

        val cancelled = Recording()
        cancelled.requestCancel("enough", interrupt = false)
        assertEquals(listOf("cancelled, completed=false", "after, completed=true"), cancelled.trail)
    }

    @Test
    fun cancelCoroutineTellsWhetherItCameTooLate() {
        val job = Recording()
        assertTrue(job.cancelCoroutine(IllegalStateException("first")))
        job.complete("dropped")
        assertFalse(job.cancelCoroutine(IllegalStateException("late")))
        job.markRead()
    }

    @Test
    fun aCancelWithoutAMessageIsOneWithoutAReason() {
        val silent = Recording()
        silent.cancel()
        assertNull(
            (silent.end as CancelledEnd).cancellation.let { it as TaskCancelledException }.reason()
        )
        val said = Recording()
        said.cancel(CancellationException("cancelled"))
        assertEquals(
            "cancelled",
            (said.end as CancelledEnd).cancellation.let { it as TaskCancelledException }.reason(),
        )
    }

    @Test
    fun aChildHasLeftItsParentWhenItTellsOfItsEnd() {
        val parent = SupervisorJob()
        val child = Job(parent)
        assertEquals(listOf<Job>(child), parent.children.toList())
        var left = -1
        child.invokeOnCompletion { left = parent.children.count() }
        child.complete()
        assertEquals(0, left)
    }

    @Test
    fun theSupervisorTellsOfACancelWhileItsTasksRun() {
        val parent = SupervisorJob()
        val causes = ArrayList<Throwable?>()
        val child = SupervisorJob(parent)
        child.invokeOnCompletion(onCancelling = true, invokeImmediately = true) { causes.add(it) }
        val reason = TaskCancelledException("x", "enough")
        parent.cancel(reason)
        assertEquals(listOf<Throwable?>(reason), causes)
    }
}
