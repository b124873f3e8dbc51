package io.github.coro4j.interop.gather;

import static io.github.coro4j.interop.gather.GatherPolicyTest.recording;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group calls the policy of a user once for each end of a child, in order, until the policy decides or the group ends. */
@Timeout(120)
class PolicyCallsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void thePolicyIsCalledInTheOrderOfCompletionAndCallsDoNotOverlap(Origin origin) {
        AtomicInteger inside = new AtomicInteger();
        List<Gate> gates = IntStream.range(0, 4).mapToObj(i -> new Gate()).toList();
        List<Gate> received = IntStream.range(0, 4).mapToObj(i -> new Gate()).toList();
        List<Integer> order = new ArrayList<>(); // needs no lock: calls do not overlap
        try (TaskScope scope = leaks.open("order")) {
            Future<List<Integer>> group =
                    origin.plan(
                                    scope,
                                    gates.stream()
                                            .map(gate -> Bodies.returning("x", gate))
                                            .toList())
                            .using(
                                    () ->
                                            new GatherPolicy<>() {
                                                @Override
                                                public Decision ended(
                                                        int index, Outcome<String> outcome) {
                                                    assertEquals(1, inside.incrementAndGet());
                                                    order.add(index);
                                                    inside.decrementAndGet();
                                                    received.get(index).open();
                                                    return Decision.GO_ON;
                                                }

                                                @Override
                                                public List<Integer> result() {
                                                    return order;
                                                }
                                            });
            for (int each : new int[] {2, 0, 3, 1}) {
                gates.get(each).awaitReached();
                gates.get(each).open();
                received.get(each).passUninterruptibly();
            }
            assertEquals(List.of(2, 0, 3, 1), group.join());
        }
    }

    /** Ends the group, or throws, when it receives the first child that the timeout has cancelled. */
    private static final class Late implements GatherPolicy<String, Integer> {
        private final Decision answer;
        private int calls;

        Late(Decision answer) {
            this.answer = answer;
        }

        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            calls++;
            if (answer == Decision.GO_ON) {
                throw new IllegalStateException("policy broke");
            }
            return answer;
        }

        @Override
        public Integer result() {
            return calls;
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterATimeoutThePolicyIsCalledUntilItDecides(GatherPolicy.Decision answer) {
        Gate never = Gate.ofPromise();
        Late policy = new Late(answer);
        try (TestScope time = TestScope.open();
                TaskScope scope = time.runInside(() -> leaks.open("late"))) {
            Future<Integer> group =
                    scope.gather(
                                    List.of(
                                            Bodies.returning("a", never),
                                            Bodies.returning("b", never),
                                            Bodies.returning("c", never)))
                            .timeout(Duration.ofMillis(20))
                            .using(() -> policy);
            time.advanceBy(Duration.ofMillis(20).minusNanos(1));
            assertPending(group);
            time.advanceBy(Duration.ofNanos(1));
            Outcome<Integer> end = group.outcome();
            if (answer == GatherPolicy.Decision.GO_ON) {
                assertEquals("policy broke", end.exceptionOrNull().getMessage());
            } else {
                assertEquals(1, end.valueOrThrow());
            }
        }
        assertEquals(1, policy.calls);
    }

    // An interrupt flag that a listener leaves set reaches no other code (R5).
    @Test
    @Rule(5)
    void noPolicyAndNoCallbackSeesTheInterruptFlagOfAnother() {
        AtomicInteger seen = new AtomicInteger();
        Runnable leave =
                () -> {
                    if (Thread.currentThread().isInterrupted()) {
                        seen.incrementAndGet();
                    }
                    Thread.currentThread().interrupt();
                };
        Future<String> one = Future.completed("one");
        GatherPolicy<String, Boolean> policy =
                new GatherPolicy<>() {
                    @Override
                    public Decision ended(int index, Outcome<String> outcome) {
                        leave.run();
                        return Decision.GO_ON;
                    }

                    @Override
                    public Boolean result() {
                        leave.run();
                        return true;
                    }
                };
        Gather.of(java.util.Collections.nCopies(20, one))
                .onProgress(progress -> leave.run())
                .using(() -> policy)
                .join();
        Promise<String> last = Promise.create();
        for (int i = 0; i < 20; i++) {
            one.addDoneCallback(done -> leave.run());
        }
        one.addDoneCallback(done -> last.complete("all were called"));
        last.join();
        assertEquals(0, seen.get());
    }

    @Test
    @Rule(20)
    void thePolicyIsNotCalledAfterACancelOfTheGroup() {
        Promise<String> one = Promise.create();
        List<Outcome<String>> received = Collections.synchronizedList(new ArrayList<>());
        Future<?> group =
                Gather.<String>of(one)
                        .using(
                                () ->
                                        recording(
                                                (i, end) -> {
                                                    received.add(end);
                                                    return GatherPolicy.Decision.GO_ON;
                                                }));
        group.cancel("enough");
        assertInstanceOf(Outcome.Cancelled.class, group.joinOutcome());
        assertEquals(List.of(), received);
        assertTrue(one.isCancelled());
    }

    @Test
    void afterATimeoutThePolicyReceivesEveryChild() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("scope", queue::add)) {
            List<Outcome<Integer>> ends =
                    scope.gather(List.of(0, 1, 2), i -> i)
                            .concurrency(1)
                            .timeout(Duration.ofMillis(1))
                            .using(
                                    () ->
                                            GatherPolicyTest.<Integer>recording(
                                                    (i, end) -> GatherPolicy.Decision.GO_ON))
                            .join();
            assertEquals(3, ends.size());
            ends.forEach(each -> assertInstanceOf(Outcome.Cancelled.class, each));
        }
    }

    @Test
    void thePolicyReceivesAChildOnceForEachOfItsIndices() {
        Promise<String> twice = Promise.create();
        Promise<String> once = Promise.create();
        List<Integer> places = new ArrayList<>();
        Future<?> group =
                Gather.<String>of(twice, once, twice)
                        .using(
                                () ->
                                        recording(
                                                (i, end) -> {
                                                    places.add(i);
                                                    return GatherPolicy.Decision.GO_ON;
                                                }));
        twice.complete("twice");
        once.complete("once");
        group.join();
        assertEquals(List.of(0, 2, 1), places);
    }
}
