package io.github.coro4j.interop.kotlin

import io.github.coro4j.Task
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import io.github.coro4j.interop.testing.Trail
import java.io.IOException
import java.time.Duration
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A gather of suspend bodies: each child is a coroutine and a task of the scope. */
@Timeout(120)
class GatherSuspendingTest {
    @JvmField @RegisterExtension val leaks = NothingLeaks()

    private val gates = List(6) { CompletableDeferred<Int>() }

    @Test
    @Rule(18, 28)
    fun resultsAreInTheOrderOfTheItemsAndChildrenAreTasks() {
        leaks.open("pages").use { scope ->
            val group =
                scope
                    .gatherSuspending(0..5) { Task.current()!!.name() + gates[it].await() }
                    .named("load")
                    .all()
            gates.reversed().forEach { it.complete(7) }
            assertEquals(List(6) { "load[$it]7" }, runBlocking { group.await() })
        }
    }

    @Test
    @Rule(22)
    fun aPermitIsHeldUntilTheLastCoroutineOfTheChildHasEnded() {
        val trail = Trail()
        leaks.open("permits").use { scope ->
            val group =
                scope
                    .gatherSuspending(listOf(0, 1)) { item ->
                        trail.add("began $item")
                        launch { gates[item].await() }
                        item
                    }
                    .concurrency(1)
                    .all()
            trail.await("began 0")
            gates[1].complete(1)
            while ("suspended" !in scope.dump() && "ending" !in scope.dump()) Thread.onSpinWait()
            trail.assertSteps("began 0")
            gates[0].complete(0)
            assertEquals(listOf(0, 1), group.join())
        }
        trail.assertSteps("began 0", "began 1")
    }

    @Test
    @Rule(22)
    fun manySuspendedChildrenHoldNoThread() {
        val two = Executors.newFixedThreadPool(2)
        val gate = CompletableDeferred<Int>()
        val begun = AtomicInteger()
        leaks.open("many", two).use { scope ->
            val group =
                scope
                    .gatherSuspending(0 until 10_000) {
                        begun.incrementAndGet()
                        it + gate.await()
                    }
                    .all()
            while (begun.get() < 10_000) Thread.onSpinWait()
            assertEquals("free", scope.start<String> { "free" }.join())
            gate.complete(1)
            assertEquals((1..10_000).toList(), group.join())
        }
        two.shutdown()
    }

    @Test
    @Rule(5, 20)
    fun aCancelReachesEachChildAndWaitsForItsCleanUp() {
        val trail = Trail()
        leaks.open("stop").use { scope ->
            val group =
                scope
                    .gatherSuspending(listOf(0, 1, 2)) { item ->
                        try {
                            trail.add("began $item")
                            awaitCancellation()
                        } finally {
                            withContext(NonCancellable) { gates[0].await() }
                            trail.add("cleaned up")
                        }
                    }
                    .concurrency(2)
                    .failFast()
            trail.await("began 0")
            trail.await("began 1")
            group.cancel("user left")
            assertTrue(!group.isDone)
            gates[0].complete(1)
            assertTrue(runBlocking { group.awaitOutcome() }.isCancelled)
        }
        assertEquals(2, trail.steps().count { it == "cleaned up" })
        assertTrue("began 2" !in trail.steps())
    }

    @Test
    fun aFailureStopsTheOthersAndATimeoutStopsAll() {
        val boom = IOException("boom")
        leaks.open("stop").use { scope ->
            val group =
                scope
                    .gatherSuspending(listOf(0, 1)) {
                        if (it == 1) throw boom
                        awaitCancellation()
                    }
                    .failFast()
            assertSame(boom, group.joinOutcome().exceptionOrNull())
            val late =
                scope
                    .gatherSuspending(listOf(0, 1, 2, 3)) { awaitCancellation() }
                    .concurrency(2)
                    .timeout(Duration.ofMillis(5))
                    .settled()
                    .join()
            assertEquals(4, late.count { it.isCancelled })
        }
    }

    @Test
    @Rule(18)
    fun eachPolicyGetsTheEndsOfSuspendBodies() {
        val boom = IOException("boom")
        leaks.open("policies").use { scope ->
            // The first child succeeds, the second fails after it, and the third waits for ever.
            fun plan(last: CompletableDeferred<Int>) =
                CompletableDeferred<Int>().let { first ->
                    scope.gatherSuspending(listOf(0, 1, 2)) {
                        when (it) {
                            0 -> 7.also { first.complete(1) }
                            1 -> first.await().let { throw boom }
                            else -> last.await()
                        }
                    }
                }
            val done = CompletableDeferred(9)
            val never = CompletableDeferred<Int>()
            assertSame(boom, plan(done).all().joinOutcome().exceptionOrNull())
            assertSame(boom, plan(never).failFast().joinOutcome().exceptionOrNull())
            assertEquals(7, plan(never).firstSuccess().join())
            assertEquals(listOf(7, 9), plan(done).atLeast(2).join())
            assertEquals(3, plan(done).settled().join().size)
            assertEquals(3, plan(done).asCompleted().count())
            // The second child may end before the first, which has only let it go on.
            assertTrue(!plan(never).firstDone().join().isCancelled)
        }
        assertTrue(leaks.takeReports().all { it.exception() === boom })
    }

    @Test
    fun aDumpShowsSuspendedChildren() {
        leaks.open("dumped").use { scope ->
            val group = scope.gatherSuspending(0..2) { gates[it].await() }.named("load").all()
            while ("3 tasks: 3 suspended" !in scope.dump()) Thread.onSpinWait()
            assertTrue("task \"load[0]\" (pending, suspended" in scope.dump(), scope::dump)
            gates.forEach { it.complete(1) }
            group.join()
        }
    }

    @Test
    @Rule(3)
    fun contextAndBadInput() {
        val scope = leaks.open("bad")
        val names =
            scope
                .gatherSuspending(listOf(1), CoroutineName("mine")) {
                    currentCoroutineContext()[CoroutineName]!!.name
                }
                .all()
                .join()
        assertEquals(listOf("mine"), names)
        val job =
            assertThrows(IllegalArgumentException::class.java) {
                scope.gatherSuspending(listOf(1), Job()) { it }
            }
        assertTrue(job.message!!.startsWith("context must not have a Job"), job::toString)
        val none: Any? = null
        @Suppress("UNCHECKED_CAST") val nulls = listOf(1, none) as List<Int>
        val item =
            assertThrows(NullPointerException::class.java) { scope.gatherSuspending(nulls) { it } }
        assertTrue(item.message!!.startsWith("items[1] must not be null"), item::toString)
        scope.close()
        assertThrows(IllegalStateException::class.java) {
            Suspend.gather<Int, Int>(scope, listOf(1)) { it, _ -> it }
        }
    }
}
