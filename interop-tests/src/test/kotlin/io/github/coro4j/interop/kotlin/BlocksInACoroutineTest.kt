package io.github.coro4j.interop.kotlin

import io.github.coro4j.Promise
import io.github.coro4j.TaskScope
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.task
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.TimeUnit
import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** A suspend body that blocks for a future is warned of, once for each place. */
class BlocksInACoroutineTest {
    @RegisterExtension val leaks = NothingLeaks()

    private val warnings = CopyOnWriteArrayList<String>()

    private val handler =
        object : Handler() {
            override fun publish(record: LogRecord) {
                if (record.level == Level.WARNING) warnings.add(record.message)
            }

            override fun flush() = Unit

            override fun close() = Unit
        }

    private val logger = Logger.getLogger("io.github.coro4j")

    @BeforeEach fun listen() = logger.addHandler(handler)

    @AfterEach fun stopListening() = logger.removeHandler(handler)

    /** Completes the promise once a body waits for it. */
    private fun TaskScope.completeOnceAwaited(promise: Promise<Int>) {
        while ("waiting for promise" !in dump()) Thread.onSpinWait()
        promise.complete(1)
    }

    @Test
    fun blockingWait_isWarnedOfOncePerPlace() {
        leaks.open("app").use { scope ->
            repeat(3) {
                val answer = Promise.create<Int>()
                val load = scope.task("load") { answer.join() }
                scope.completeOnceAwaited(answer)
                assertEquals(1, load.join())
            }
        }
        val warning = warnings.single()
        val place = "at ${javaClass.name}\\S*\\(BlocksInACoroutineTest.kt:\\d+\\)"
        val expected =
            "a coroutine of task \"load\" blocks (virtual )?thread \\S.* $place while it waits for promise " +
                "\"promise-\\d+\"; call await\\(\\) there, which holds no thread. No later wait at " +
                "this place is logged. ${seeError("blocks-in-a-coroutine")}"
        assertTrue(Regex(expected).matches(warning), warning)
    }

    @Test
    fun waitWithALimitInACoroutineOfTheBody_isWarnedOf() {
        leaks.open("app").use { scope ->
            val answer = Promise.create<Int>()
            val load =
                scope.task("load") {
                    withContext(Dispatchers.Default) { answer.get(50, TimeUnit.SECONDS) }
                }
            // The warning comes before the wait.
            while (warnings.isEmpty()) Thread.onSpinWait()
            answer.complete(1)
            assertEquals(1, load.join())
        }
        assertEquals(1, warnings.size)
    }

    @Test
    fun waitsThatAreFine_areNotWarnedOf() {
        leaks.open("app").use { scope ->
            val answers = List(3) { Promise.create<Int>() }
            val awaiting = scope.task { answers[0].await() }
            scope.completeOnceAwaited(answers[0])
            awaiting.join()
            val blocking = scope.start { answers[1].join() }
            scope.completeOnceAwaited(answers[1])
            blocking.join()
            val aside = scope.task { withContext(Dispatchers.IO) { answers[2].join() } }
            scope.completeOnceAwaited(answers[2])
            aside.join()
            scope.task { aside.join() }.join()
        }
        assertEquals(emptyList<String>(), warnings)
    }
}
