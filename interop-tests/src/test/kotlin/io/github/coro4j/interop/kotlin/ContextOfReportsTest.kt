package io.github.coro4j.interop.kotlin

import io.github.coro4j.ContextPropagator
import io.github.coro4j.Promise
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.ControlledFuture.awaitDone
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.Trail
import java.io.IOException
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R27 for reports about suspend bodies and other coroutines. */
@Rule(27)
class ContextOfReportsTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val tenant = ThreadLocal<String?>()
    private val heard = Trail()

    @AfterEach fun end() = tenant.remove()

    private fun open(): TaskScope =
        leaks.opened(
            TaskScope.builder()
                .name("page")
                .contextPropagator(ContextPropagator.of(tenant))
                .failureListener {
                    heard.add("${it.label()}: ${it.exception().message}, ${tenant.get()}")
                }
                .open()
        )

    @Test
    fun suspendBody_isReportedInTheContextOfItsStarter() {
        open().use { scope ->
            val promise = Promise.create<Unit>()
            tenant.set("acme")
            val task =
                scope.task<Unit>("load") {
                    promise.await()
                    tenant.set("of the body")
                    withContext(Dispatchers.IO) { throw IOException("boom") }
                }
            tenant.set("closer")
            promise.complete(Unit)
            awaitDone(task)
            assertEquals(listOf<String>(), heard.steps())
        }
        heard.assertSteps("task \"load\": boom, acme")
        assertEquals("closer", tenant.get())
    }

    @Test
    fun suspendedChild_isReportedInTheContextOfItsGather() {
        open().use { scope ->
            val promise = Promise.create<Unit>()
            tenant.set("acme")
            val group =
                scope
                    .gatherSuspending<Int, Unit>(listOf(1)) {
                        promise.await()
                        throw IOException("boom")
                    }
                    .named("prices")
                    .settled()
            tenant.set("closer")
            promise.complete(Unit)
            awaitDone(group)
        }
        heard.assertSteps("task \"prices[0]\": boom, acme")
    }

    @Test
    fun coroutineOfTheScope_isReportedInTheContextOfItsLauncher() {
        open().use { scope ->
            val promise = Promise.create<Unit>()
            tenant.set("acme")
            val job =
                scope.asCoroutineScope().launch(CoroutineName("audit")) {
                    // A coroutine below ends last, on a thread that never had the context.
                    CoroutineScope(Job(coroutineContext[Job]) + Dispatchers.Default).launch {
                        withContext(NonCancellable) { promise.await() }
                    }
                    throw IOException("boom")
                }
            tenant.set("closer")
            while (!job.isCancelled) Thread.yield()
            promise.complete(Unit)
            scope.join()
            heard.assertSteps("coroutine \"audit\": boom, acme")
        }
    }

    // No exception is attached to one that several futures failed with, so each is reported.
    @Test
    fun laterFailureOfABody_isReportedInItsContext() {
        val shared = IOException("shared")
        open().use { scope ->
            awaitDone(scope.task<Unit>("other") { throw shared })
            tenant.set("acme")
            val task =
                scope.task<Unit>("load") {
                    launch(start = CoroutineStart.UNDISPATCHED) {
                        try {
                            awaitCancellation()
                        } finally {
                            throw IOException("later")
                        }
                    }
                    throw shared
                }
            tenant.set("closer")
            awaitDone(task)
            scope.join()
        }
        assertEquals(
            setOf(
                "task \"other\": shared, null",
                "task \"load\": shared, acme",
                "task \"load\": later, acme",
            ),
            heard.steps().toSet(),
        )
    }
}
