package io.github.coro4j.stress

import kotlin.concurrent.thread
import org.jetbrains.lincheck.Lincheck
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions
import org.jetbrains.lincheck.datastructures.Operation
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/**
 * The controls: a search that cannot find these proves nothing. One for each way in which the other
 * tests here search.
 */
class ControlTest {
    /** As a promise that both a value and a cancel can win. */
    class Broken {
        @Volatile private var decided = false

        @Operation
        fun decide(): Boolean {
            if (decided) return false
            decided = true
            return true
        }
    }

    @Test
    fun `a promise that both can win is found`() {
        assertThrows(AssertionError::class.java) {
            // Nothing before the parallel part: whatever is decided there leaves no race.
            ModelCheckingOptions()
                .iterations(5)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(Broken::class)
        }
    }

    @Test
    fun `a lost write between two threads is found`() {
        assertThrows(AssertionError::class.java) {
            Lincheck.runConcurrentTest(1_000) {
                val broken = Broken()
                var other = false
                // The threads of this function are the ones that the search sees, on every JDK.
                val one = thread { other = broken.decide() }
                val mine = broken.decide()
                one.join()
                check(mine != other) { "both won, or neither" }
            }
        }
    }
}
