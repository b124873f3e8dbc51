package io.github.coro4j.stress

import io.github.coro4j.Future
import io.github.coro4j.Promise
import io.github.coro4j.Registration
import java.util.function.Consumer
import kotlin.concurrent.thread
import org.jetbrains.lincheck.Lincheck
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.junit.jupiter.api.Test

/**
 * The callbacks of a pending promise are a list from which each can be removed once. What happens
 * when it completes is for jcstress: the engine's threads, which run callbacks, are not seen here.
 */
class CallbackLincheckTest {
    class Calls {
        private val promise: Promise<Int> = Promise.create()
        private val first: Registration = promise.addDoneCallback {}
        private val second: Registration = promise.addDoneCallback {}

        @Operation
        fun add() {
            promise.addDoneCallback {}
        }

        @Operation fun removeFirst(): Boolean = first.remove()

        @Operation fun removeSecond(): Boolean = second.remove()
    }

    @Test
    fun `each registration is removed once`() =
        ModelCheckingOptions()
            .iterations(5)
            .invocationsPerIteration(200)
            .threads(2)
            .actorsPerThread(2)
            .actorsBefore(0)
            .actorsAfter(1)
            .check(Calls::class)

    @Test
    fun `what several threads remove adds up`() =
        Lincheck.runConcurrentTest(200) {
            val promise: Promise<Int> = Promise.create()
            val callback = Consumer<Future<Int>> {}
            val first = promise.addDoneCallback(callback)
            promise.addDoneCallback(callback)
            var other = 0
            val remover = thread { other = promise.removeDoneCallback(callback) }
            val mine = if (first.remove()) 1 else 0
            remover.join()
            check(mine + other == 2) { "$mine and $other of 2 were removed" }
        }
}
