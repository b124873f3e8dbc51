package io.github.coro4j.stress

import io.github.coro4j.Promise
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.junit.jupiter.api.Test

/** A promise behaves as if its calls came one after another. */
class PromiseLincheckTest {
    class Calls {
        private val promise: Promise<Int> = Promise.create()

        init {
            promise.shield() // a handler: with one, kotlinx completes in two steps
        }

        @Operation fun complete(value: Int): Boolean = promise.complete(value)

        @Operation fun cancel(): Boolean = promise.cancel("late")

        @Operation fun isDone(): Boolean = promise.isDone

        @Operation fun isCancelled(): Boolean = promise.isCancelled

        @Operation
        fun end(): String =
            if (promise.isDone) promise.outcome().javaClass.simpleName else "pending"
    }

    @Test
    fun `one end, for every reader`() =
        ModelCheckingOptions()
            .iterations(8)
            .invocationsPerIteration(200)
            .threads(2)
            .actorsPerThread(3)
            .actorsBefore(0) // a promise that is done has no races left
            .actorsAfter(1)
            .check(Calls::class)
}
