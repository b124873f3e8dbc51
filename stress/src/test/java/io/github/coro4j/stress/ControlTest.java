package io.github.coro4j.stress;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The controls: a search that cannot find these proves nothing. One for each way in which the other tests here search.
 */
class ControlTest {
    /** As a promise that both a value and a cancel can win. */
    public static class Broken {
        private volatile boolean decided;

        @Operation
        public boolean decide() {
            if (decided) {
                return false;
            }
            decided = true;
            return true;
        }
    }

    @Test
    void aPromiseThatBothCanWinIsFound() {
        // Nothing before the parallel part: whatever is decided there leaves no race.
        ModelCheckingOptions search =
                new ModelCheckingOptions()
                        .iterations(5)
                        .threads(2)
                        .actorsPerThread(2)
                        .actorsBefore(0)
                        .actorsAfter(0);
        assertThrows(AssertionError.class, () -> search.check(Broken.class));
    }

    @Test
    void aLostWriteBetweenTwoThreadsIsFound() {
        assertThrows(
                AssertionError.class,
                () -> Lincheck.runConcurrentTest(1_000, ControlTest::bothDecide));
    }

    private static void bothDecide() {
        Broken broken = new Broken();
        AtomicBoolean other = new AtomicBoolean();
        Other one = Other.runs(() -> other.set(broken.decide()));
        boolean mine = broken.decide();
        one.join();
        assertNotEquals(mine, other.get(), "both won, or neither");
    }
}
