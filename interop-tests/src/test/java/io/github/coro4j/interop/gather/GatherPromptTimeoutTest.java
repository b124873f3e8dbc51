package io.github.coro4j.interop.gather;

import static io.github.coro4j.interop.gather.GatherTimeoutTest.SOON;
import static io.github.coro4j.interop.gather.GatherTimeoutTest.passLimit;
import static io.github.coro4j.interop.gather.GatherTimeoutTest.timeoutOf;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R32: a gather ends at its timeout while its children still stop. */
@Coro4jTest
class GatherPromptTimeoutTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = Gate.ofPromise();

    @ParameterizedTest
    @EnumSource
    @Rule(32)
    void theGroupEndsWhileTheCancelledChildrenStop(Policy policy, TestScope time) {
        Gate cleanUp = Gate.ofPromise();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> body = scope.start(Bodies.cleaningUp(never, cleanUp, trail));
            never.awaitReached(); // a body that has not begun would not clean up
            Future<?> group = policy.start(Gather.of(body).timeout(SOON));
            passLimit(time, group);
            assertFalse(group.outcome().isCancelled());
            assertTrue(body.isCancelling(), "only the children are cancelling");
            cleanUp.open();
            assertTrue(body.joinOutcome().isCancelled());
        }
        trail.assertSteps("cleaned up");
    }

    // A failure has decided the group. It waits for the other child, but not beyond the limit.
    @Test
    @Rule(32)
    void failFast_waitsForItsChildrenUntilTheLimit(TestScope time) {
        IOException broken = new IOException("broken");
        Gate cleanUp = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> body = scope.start(Bodies.cleaningUp(never, cleanUp, new Trail()));
            never.awaitReached();
            Promise<String> fails = Promise.create();
            Future<List<String>> group = Gather.of(body, fails).timeout(SOON).failFast();
            fails.fail(broken);
            time.runCurrent();
            assertTrue(body.isCancelling());
            passLimit(time, group);
            assertSame(broken, group.exception());
            assertPending(body);
            cleanUp.open();
        }
    }

    // The group cannot go on, and has stopped its children.
    @Test
    @Rule(32)
    void brokenIterator_waitsForTheChildrenUntilTheLimit(TestScope time) {
        Gate cleanUp = Gate.ofPromise();
        IllegalStateException broken = new IllegalStateException("broken");
        Iterable<Integer> items =
                () ->
                        Stream.iterate(0, i -> i + 1)
                                .peek(
                                        i -> {
                                            if (i == 1) {
                                                never.awaitReached();
                                                throw broken;
                                            }
                                        })
                                .iterator();
        try (TaskScope scope = leaks.open("scope")) {
            Future<List<String>> group =
                    scope.gather(items, i -> Bodies.cleaningUp(never, cleanUp, new Trail()).call())
                            .concurrency(2)
                            .timeout(SOON)
                            .failFast();
            passLimit(time, group);
            assertSame(broken, group.exception());
            cleanUp.open();
        }
    }

    // An explicit cancel promises that nothing runs on, so it waits.
    @ParameterizedTest
    @EnumSource
    @Rule(2)
    void aCancelledGroupEndsOnceItsChildrenHaveEnded(Policy policy, TestScope time) {
        Gate cleanUp = Gate.ofPromise();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> body = scope.start(Bodies.cleaningUp(never, cleanUp, trail));
            never.awaitReached();
            Future<?> group = policy.start(Gather.of(body).timeout(SOON));
            group.cancel("not wanted");
            time.advanceBy(Duration.ofDays(1)); // not even the limit ends it
            assertPending(group);
            cleanUp.open();
            assertTrue(group.joinOutcome().isCancelled());
            trail.assertSteps("cleaned up");
        }
    }

    @Test
    @Rule(32)
    void settledSaysWhichChildrenAreStillStopping(TestScope time) {
        Gate cleanUp = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> body = scope.start("load", new SlowCleanUp(never, cleanUp));
            never.awaitReached();
            Future<List<Outcome<String>>> group =
                    Gather.of(body).named("pages").timeout(SOON).settled();
            passLimit(time, group);
            List<Outcome<String>> ends = assertSucceeded(group);
            String late = "load was cancelled: gather \"pages\" timed out after 0.001 s";
            assertEquals(
                    late + "; its body is still stopping",
                    ends.get(0).exceptionOrNull().getMessage());
            cleanUp.open();
            assertEquals(late, body.joinOutcome().exceptionOrNull().getMessage());
        }
    }

    @Test
    @Rule({16, 32})
    void failuresInTheCleanUpComeLater_andAreReported(TestScope time) {
        IOException mess = new IOException("mess");
        Gate cleanUp = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task =
                    scope.start(
                            "untidy",
                            new SlowCleanUp(never, cleanUp)
                                    .then(
                                            () -> {
                                                throw mess;
                                            }));
            never.awaitReached();
            Future<List<String>> group = Gather.of(task).timeout(SOON).failFast();
            passLimit(time, group);
            assertEquals(List.of(), Arrays.asList(timeoutOf(group).getSuppressed()));
            cleanUp.open();
        }
        FailureReport report = leaks.takeReports().get(0);
        assertSame(mess, report.exception());
        assertEquals("untidy", report.name());
    }
}
