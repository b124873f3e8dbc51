package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Gathers that share their children level by level, so that the number of paths doubles with each level. A cancel that
 * visited a child once for each path would exceed the time limit.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Rule(20)
class DiamondOfGathersTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Gate cleanUp = new Gate();

    private Future<?> diamonds(TaskScope scope) {
        Future<?> each = scope.start("slow", new SlowCleanUp(work, cleanUp));
        for (int i = 0; i < 60; i++) {
            each = Gather.of(List.of(each, each)).settled();
        }
        return each;
    }

    @Test
    void theEndOfTheScopeVisitsEachGatherOnce() {
        try (TaskScope scope = leaks.open("diamonds")) {
            // The gathers live in the scope of the task that makes them.
            Future<?> last = scope.start(() -> diamonds(scope)).join();
            work.awaitReached();
            scope.cancel("enough");
            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, last.joinOutcome());
        }
    }

    @Test
    void theCancelOfTheLastGatherVisitsEachGatherOnce() {
        try (TaskScope scope = leaks.open("diamonds")) {
            Future<?> last = scope.start(() -> diamonds(scope)).join();
            work.awaitReached();
            last.cancel("enough");
            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, last.joinOutcome());
        }
    }
}
