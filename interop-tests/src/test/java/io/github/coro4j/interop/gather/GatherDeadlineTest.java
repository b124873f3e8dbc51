package io.github.coro4j.interop.gather;

import static io.github.coro4j.interop.gather.GatherTimeoutTest.SOON;
import static io.github.coro4j.interop.gather.GatherTimeoutTest.passLimit;
import static io.github.coro4j.interop.gather.GatherTimeoutTest.reasonOf;
import static io.github.coro4j.interop.gather.GatherTimeoutTest.timeoutOf;
import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a timeout and another end of a group, or of two deadlines, the earlier one counts. */
@Coro4jTest
@Timeout(120)
class GatherDeadlineTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = Gate.ofPromise();

    @Test
    @Rule(4)
    void aCancelBeforeTheTimeoutMakesTheGroupCancelled(TestScope time) {
        Gate cleanUp = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = scope.start(Bodies.cleaningUp(never, cleanUp, new Trail()));
            never.awaitReached();
            Future<List<String>> group = Gather.<String>of(task).timeout(Duration.ofHours(1)).all();
            group.cancel("enough");
            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
            assertEquals("enough", reasonOf(task));
            time.runCurrent();
            assertEquals(List.of(), time.timers());
        }
    }

    @Test
    void theTimeoutEndsWithTheGroup(TestScope time) {
        Promise<String> first = Promise.create();
        Promise<String> other = Promise.create();
        Future<?> group = Gather.<String>of(first, other).timeout(Duration.ofHours(1)).all();
        first.fail(new IOException("boom"));
        assertThrows(CompletionException.class, group::join);
        time.runCurrent();
        assertEquals(List.of(), time.timers());
        assertFalse(other.isDone());
        other.complete("on");
    }

    @Test
    @Rule(21)
    void aTimeoutOfTheOuterGroupCancelsTheInnerGroup(TestScope time) {
        Promise<String> leaf = Promise.create();
        Future<List<String>> inner = Gather.<String>of(leaf).named("inner").all();
        Future<?> outer = Gather.of(inner).named("outer").timeout(SOON).all();
        passLimit(time, outer, inner, leaf);
        assertTrue(timeoutOf(outer).getMessage().contains("the slowest is gather \"inner\""));
        assertCancelled(inner);
        assertCancelled(leaf, "gather \"outer\" timed out after 0.001 s");
    }

    // The earlier of two deadlines wins, whether it is the outer or the inner one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEarlierDeadlineCancelsTheGroup(boolean outerIsEarlier, TestScope time) {
        Duration hour = Duration.ofHours(1);
        try (TaskScope outer =
                leaks.opened(
                        TaskScope.builder()
                                .name("outer")
                                .failureListener(leaks.listener())
                                .deadline(outerIsEarlier ? SOON : hour)
                                .open())) {
            Task<String> waiting =
                    outer.start(
                            () -> {
                                Task.current(); // this body is a task of the outer scope
                                try (TaskScope inner =
                                        TaskScope.builder()
                                                .name("inner")
                                                .deadline(outerIsEarlier ? hour : SOON)
                                                .open()) {
                                    Future<?> group =
                                            inner.gather(
                                                            List.of(1),
                                                            i -> {
                                                                never.pass();
                                                                return i;
                                                            })
                                                    .timeout(hour)
                                                    .all();
                                    Task.nonCancellable(group::joinOutcome);
                                    return reasonOf(group);
                                }
                            });
            passLimit(time, waiting);
            String reason = waiting.outcome().toString();
            String earlier = outerIsEarlier ? "outer" : "inner";
            assertTrue(reason.contains("the deadline of scope \"" + earlier + "\" passed"), reason);
        }
    }
}
