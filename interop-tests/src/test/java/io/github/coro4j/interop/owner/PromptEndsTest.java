package io.github.coro4j.interop.owner;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R32: groups that end while members still stop, and cancels that come then. */
@Coro4jTest
class PromptEndsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = Gate.ofPromise();
    private final Gate cleanUp = Gate.ofPromise();

    @Test
    @Rule(32)
    void keyedGroupEndsWhileTheLoserStops() {
        try (TaskScope scope = leaks.open("app")) {
            Task<String> slow = scope.start("slow", new SlowCleanUp(work, cleanUp));
            work.awaitReached();
            Future<String> fast = scope.start("fast", () -> "won");
            Map<String, Future<String>> futures = Map.of("slow", slow, "fast", fast);
            assertEquals(
                    Map.entry("fast", "won"),
                    Gather.<String, String>keyed(futures).firstSuccess().join());
            assertTrue(slow.isCancelling());
            cleanUp.open();
        }
    }

    /** A policy that goes on to the end. */
    private static final class AllEnds implements GatherPolicy<String, List<Outcome<String>>> {
        private final List<Outcome<String>> ends = new ArrayList<>();

        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            ends.add(outcome);
            return Decision.GO_ON;
        }

        @Override
        public List<Outcome<String>> result() {
            return ends;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, Integer.MAX_VALUE})
    @Rule(32)
    void policyOfTheUser_getsEachChildThatStillStops(int limit, TestScope time) {
        try (TaskScope scope = leaks.open("app")) {
            SlowCleanUp body = new SlowCleanUp(work, cleanUp);
            Future<List<Outcome<String>>> group =
                    scope.gather(List.of(1, 2, 3), item -> body.call())
                            .concurrency(limit)
                            .timeout(Duration.ofMillis(1))
                            .using(AllEnds::new);
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(group);
            time.advanceBy(Duration.ofNanos(1));
            List<Outcome<String>> ends = assertSucceeded(group);
            assertEquals(3, ends.size());
            assertTrue(ends.stream().allMatch(Outcome::isCancelled));
            cleanUp.open();
        }
    }

    // The decision was made, but the end of the group waits for a call of the listener.
    @Test
    @Rule({2, 32})
    void cancelBeforeThePromptEnd_waitsForTheChildren() {
        Gate listener = new Gate();
        Gate first = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            SlowCleanUp slow = new SlowCleanUp(work, cleanUp);
            Future<String> winner =
                    scope.gather(List.of(1, 2), item -> item == 1 ? passed(first) : slow.call())
                            .onProgress(progress -> listener.passUninterruptibly())
                            .firstSuccess();
            work.awaitReached();
            first.open();
            cleanUp.awaitReached(); // the loser is stopped
            listener.awaitReached();
            assertTrue(winner.cancel("not wanted"));
            listener.open();
            assertFalse(winner.isDone());
            cleanUp.open();
            assertTrue(winner.joinOutcome().isCancelled());
        }
    }

    private static String passed(Gate gate) throws InterruptedException {
        gate.pass();
        return "won";
    }
}
