package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code atLeast} gives the first successes, and cancels the children that it no longer needs. */
class GatherQuorumTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(18)
    void aQuorumIsInTheOrderOfTheChildrenAndCancelsTheRest(Origin origin) {
        Gate a = new Gate();
        Gate b = new Gate();
        Gate c = new Gate();
        try (TaskScope scope = leaks.open("quorum")) {
            Future<List<String>> two =
                    origin.plan(
                                    scope,
                                    Bodies.returning("a", a),
                                    Bodies.returning("b", b),
                                    Bodies.returning("c", c))
                            .atLeast(2);
            b.awaitReached();
            Future<?> late = Origin.child(1, scope);
            Future<?> third = Origin.child(2, scope);
            c.open();
            third.join();
            assertFalse(two.isDone());
            a.open();
            assertEquals(List.of("a", "c"), two.join());
            assertThrows(UnsupportedOperationException.class, () -> two.join().add("more"));
            assertTrue(late.joinOutcome().isCancelled());
            String why = late.exception().getMessage();
            assertTrue(why.contains("2 have succeeded"), why);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void aQuorumThatCannotBeReachedCancelsTheRestAndFails(Origin origin) {
        IOException one = new IOException("one");
        IOException two = new IOException("two");
        Gate failOne = new Gate();
        Gate failTwo = new Gate();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("quorum")) {
            Future<List<String>> quorum =
                    origin.plan(
                                    scope,
                                    Bodies.throwing(one, failOne),
                                    Bodies.throwing(two, failTwo),
                                    Bodies.returning("never", never))
                            .atLeast(2);
            never.awaitReached();
            Future<?> rest = Origin.child(2, scope);
            failOne.open();
            failTwo.open();
            Throwable surfaced = assertThrows(CompletionException.class, quorum::join).getCause();
            assertTrue(surfaced == one || surfaced == two);
            assertEquals(
                    List.of(surfaced == one ? two : one), Arrays.asList(surfaced.getSuppressed()));
            assertTrue(rest.joinOutcome().isCancelled());
            String why = rest.exception().getMessage();
            assertTrue(why.contains("2 can no longer succeed, since task \"pages["), why);
        }
    }
}
