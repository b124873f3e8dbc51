package io.github.coro4j.interop.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.close
import io.github.coro4j.coroutines.completeOnTimeout
import io.github.coro4j.coroutines.deadline
import io.github.coro4j.coroutines.hedge
import io.github.coro4j.coroutines.join
import io.github.coro4j.coroutines.orTimeout
import io.github.coro4j.coroutines.timeout
import io.github.coro4j.coroutines.toOutcome
import io.github.coro4j.coroutines.toResult
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeoutException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** R28: a gather as a flow, and Kotlin's own types for results and durations. */
class GatherFlowTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    @Rule(28)
    fun flow_emitsTheFuturesOfTheChildrenInTheOrderOfTheirEnds() =
        runBlocking<Unit> {
            val first = Promise.create<String>()
            val second = Promise.create<String>()
            val seen = CopyOnWriteArrayList<Future<String>>()
            val collecting =
                launch(start = CoroutineStart.UNDISPATCHED) {
                    Gather.of(first, second).asFlow().collect { seen.add(it) }
                }
            second.complete("b")
            while (seen.size < 1) kotlinx.coroutines.yield()
            assertSame(second, seen[0])
            first.fail(IOException("boo"))
            collecting.join()
            assertSame(first, seen[1])
            assertTrue(first.outcome() is Outcome.Failure)
        }

    @Test
    @Rule(28)
    fun bodies_beginAtTheCollectAndOnlyOnce() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val flow = scope.gather(listOf(1, 2, 3)) { it * 10 }.concurrency(1).asFlow()
                assertTrue(scope.tasks().isEmpty())
                assertEquals(setOf(10, 20, 30), flow.map { it.result() }.toList().toSet())
                assertTrue(runCatching { flow.toList() }.exceptionOrNull() is IllegalStateException)
                assertEquals(
                    emptyList<Future<Int>>(),
                    scope.gather(emptyList<Int>()) { it }.asFlow().toList(),
                )
            }
        }

    @Test
    @Rule(28)
    fun collectorThatEndsEarly_stopsTheOtherChildrenAndWaitsForThem() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val gate = Gate()
                val ended = CopyOnWriteArrayList<Int>()
                val gather =
                    scope.gather(listOf(1, 2)) {
                        if (it == 1) gate.awaitReached()
                        else
                            try {
                                gate.pass()
                            } finally {
                                ended.add(it)
                            }
                        it
                    }
                assertEquals(1, gather.asFlow().first().result())
                assertEquals(listOf(2), ended)
                assertTrue(scope.tasks().isEmpty())
            }
        }

    @Test
    @Rule(28)
    fun cancelOfTheCollector_stopsTheChildren() =
        runBlocking<Unit> {
            leaks.open("page").use { scope ->
                val gate = Gate()
                val gather = scope.gather(listOf(1)) { gate.pass() }
                val collecting =
                    launch(start = CoroutineStart.UNDISPATCHED) { gather.asFlow().collect() }
                gate.awaitReached()
                collecting.cancelAndJoin()
                assertTrue(scope.tasks().isEmpty())
            }
        }

    @Test
    fun outcomesAndKotlinResults_convertIntoEachOther() {
        val failure = IOException("boo")
        assertEquals(Result.success("x"), Outcome.Success("x").toResult())
        assertSame(failure, Outcome.Failure<String>(failure).toResult().exceptionOrNull())
        val cancelled = Promise.create<String>().also { it.cancel("enough") }.outcome()
        assertSame(cancelled.exceptionOrNull(), cancelled.toResult().exceptionOrNull())
        assertEquals(Outcome.Success("x"), Result.success("x").toOutcome())
        assertEquals(Outcome.Failure<String>(failure), Result.failure<String>(failure).toOutcome())
        assertEquals(cancelled, cancelled.toResult().toOutcome())
        assertEquals(Outcome.Success<String?>(null), Result.success<String?>(null).toOutcome())
    }

    @Test
    fun whenOverAnOutcome_needsNoElse() {
        fun text(outcome: Outcome<Int>): String =
            when (outcome) {
                is Outcome.Success -> "value ${outcome.value}"
                is Outcome.Failure -> "failure ${outcome.exception.message}"
                is Outcome.Cancelled -> "cancelled ${outcome.cancellation.message}"
            }
        assertEquals("value 1", text(Outcome.Success(1)))
        assertEquals("failure boo", text(Outcome.Failure(IOException("boo"))))
    }

    @Test
    fun kotlinDurations_areAccepted() {
        leaks.open("page").use { scope ->
            val promise = Promise.create<Int>()
            assertThrows(TimeoutException::class.java) { promise.join(1.milliseconds) }
            assertFalse(promise.isDone)
            val late = Promise.create<Int>()
            assertEquals(7, late.completeOnTimeout(7, 1.milliseconds).join())
            assertTrue(
                Promise.create<Int>().orTimeout(1.milliseconds).joinOutcome() is Outcome.Failure
            )
            assertEquals(1, Future.completed(1).orTimeout(Duration.INFINITE).join(1.hours))
            val idle = io.github.coro4j.TaskScope.open("idle")
            assertTrue(idle.join(1.hours))
            assertTrue(idle.close(1.hours))
            val group = Gather.of(promise).timeout(1.milliseconds).settled()
            assertTrue(group.join().single() is Outcome.Cancelled)
            assertEquals(0, scope.hedge(2, 1.hours) { it }.join().value())
            val limited =
                io.github.coro4j.TaskScope.builder().name("limited").deadline(1.milliseconds).open()
            leaks.opened(limited).use { it.start(Callable { Gate().pass() }).joinOutcome() }
        }
    }
}
