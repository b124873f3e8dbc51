package io.github.coro4j.interop.kotlin

import io.github.coro4j.Outcome
import io.github.coro4j.Promise
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import java.util.function.Consumer
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/**
 * A part of a coroutine may run on the stack of another body, because an executor or a dispatcher
 * runs it on the caller's stack. Each of the two has an interrupt flag of its own.
 */
@Timeout(60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(5)
class FlagOfCoroutinesTest {
    @RegisterExtension val leaks = NothingLeaks()

    /** The ways in which a part of a coroutine gets onto the stack of the calling body. */
    enum class Way {
        START_ON_THE_SPOT {
            override fun <T> run(leaks: NothingLeaks, before: () -> Unit, part: () -> T): Task<T> {
                val scope = leaks.open("on the spot", Runnable::run)
                before()
                return scope.task("part") { part() }.also { scope.join() }.also { scope.close() }
            }
        },
        START_UNCONFINED {
            override fun <T> run(leaks: NothingLeaks, before: () -> Unit, part: () -> T): Task<T> {
                val scope = leaks.open("unconfined")
                before()
                return scope.task("part", Dispatchers.Unconfined) { part() }.also { scope.close() }
            }
        },
        RESUME_ON_THE_SPOT {
            override fun <T> run(leaks: NothingLeaks, before: () -> Unit, part: () -> T): Task<T> {
                val scope = leaks.open("on the spot", Runnable::run)
                val signal = CompletableDeferred<Unit>()
                val task =
                    scope.task("part") {
                        signal.await()
                        part()
                    }
                before()
                signal.complete(Unit)
                return task.also { scope.close() }
            }
        },
        RESUME_UNCONFINED {
            override fun <T> run(leaks: NothingLeaks, before: () -> Unit, part: () -> T): Task<T> {
                val scope = leaks.open("unconfined")
                val signal = CompletableDeferred<Unit>()
                val task =
                    scope.task("part", Dispatchers.Unconfined) {
                        signal.await()
                        part()
                    }
                before()
                signal.complete(Unit)
                return task.also { scope.close() }
            }
        };

        abstract fun <T> run(leaks: NothingLeaks, before: () -> Unit, part: () -> T): Task<T>
    }

    @ParameterizedTest
    @EnumSource(Way::class)
    fun part_doesNotSeeTheFlagOfTheOuterBody(way: Way) = onEachThread { bodies ->
        var part: Task<Boolean>? = null
        val body =
            bodies.start(
                "body",
                Callable {
                    part =
                        way.run(leaks, before = { Thread.currentThread().interrupt() }) {
                            Thread.currentThread().isInterrupted
                        }
                    Thread.interrupted()
                },
            )
        assertTrue(body.join(), "the outer body has lost its flag")
        assertFalse(part!!.join(), "the part has seen the flag of the outer body")
    }

    @ParameterizedTest
    @EnumSource(Way::class)
    fun flagThatAPartSets_isNotSeenByTheOuterBody(way: Way) = onEachThread { bodies ->
        val body =
            bodies.start(
                "body",
                Callable {
                    way.run(leaks, before = {}) { Thread.currentThread().interrupt() }
                    Thread.interrupted()
                },
            )
        assertFalse(body.join(), "the outer body has seen the flag of the part")
    }

    @ParameterizedTest
    @EnumSource(Way::class)
    fun cancelOfTheOuterBody_interruptsItOnceThePartHasReturned(way: Way) = onEachThread { bodies ->
        val gate = Gate()
        var part: Task<String>? = null
        var seen = false
        val body =
            bodies.start(
                "body",
                Callable {
                    part =
                        way.run(leaks, before = {}) {
                            gate.pass()
                            "not interrupted"
                        }
                    seen = Thread.currentThread().isInterrupted
                },
            )
        gate.awaitReached()
        body.cancel("stop the outer body")
        gate.open()
        assertInstanceOf(Outcome.Cancelled::class.java, body.joinOutcome())
        assertTrue(seen, "the cancel of the outer body is lost")
        assertEquals("not interrupted", part!!.join())
    }

    @ParameterizedTest
    @EnumSource(Way::class)
    fun part_doesNotSeeTheFlagOfTheOuterPart(way: Way) {
        leaks.open("outer").use { scope ->
            var part: Task<Boolean>? = null
            val outer =
                scope.task("outer") {
                    part =
                        way.run(leaks, before = { Thread.currentThread().interrupt() }) {
                            Thread.currentThread().isInterrupted
                        }
                    Thread.interrupted()
                }
            assertTrue(outer.join(), "the outer part has lost its flag")
            assertFalse(part!!.join(), "the part has seen the flag of the outer part")
        }
    }

    @Test
    fun part_doesNotSeeTheFlagOfTheOuterCallback() {
        val signal = CompletableDeferred<Unit>()
        leaks.open("part").use { scope ->
            val part =
                scope.task("part", Dispatchers.Unconfined) {
                    signal.await()
                    Thread.currentThread().isInterrupted
                }
            val seen = Promise.create<Boolean>()
            Promise.create<Int>()
                .apply { complete(1) }
                .addDoneCallback(
                    Consumer {
                        Thread.currentThread().interrupt()
                        signal.complete(Unit)
                        seen.complete(Thread.interrupted())
                    },
                    Executor(Runnable::run),
                )
            assertTrue(seen.join(), "the outer callback has lost its flag")
            assertFalse(part.join(), "the part has seen the flag of the outer callback")
        }
    }

    /** Runs the test on the default executor, then on a platform thread. */
    private fun onEachThread(test: (TaskScope) -> Unit) {
        leaks.open("bodies").use(test)
        val thread = Executors.newSingleThreadExecutor()
        try {
            leaks.open("on a thread", thread).use(test)
        } finally {
            thread.shutdown()
            thread.awaitTermination(30, TimeUnit.SECONDS)
        }
    }
}
