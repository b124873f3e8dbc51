package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Gather.using} runs a group under a policy that the user wrote. */
@Timeout(120)
class GatherPolicyTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Returns a policy that records each outcome, and decides as the given function does. */
    private static <T> GatherPolicy<T, List<Outcome<T>>> recording(
            BiFunction<Integer, Outcome<T>, GatherPolicy.Decision> decide) {
        return new GatherPolicy<>() {
            private final List<Outcome<T>> seen = new ArrayList<>();

            @Override
            public Decision ended(int index, Outcome<T> outcome) {
                seen.add(outcome);
                return decide.apply(index, outcome);
            }

            @Override
            public List<Outcome<T>> result() {
                return seen;
            }
        };
    }

    /** {@code settled()}, as a user would write it. */
    private static final class AllEnds implements GatherPolicy<String, Object> {
        private final List<Outcome<String>> ends = new ArrayList<>(Collections.nCopies(3, null));
        private int last = -1;

        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            ends.set(index, outcome);
            last = Math.max(last, index);
            return Decision.GO_ON;
        }

        @Override
        public Object result() {
            return ends.subList(0, last + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({17, 18, 20})
    void aUserPolicyLikeSettledBehavesAsTheBuiltInPolicy(Origin origin) {
        for (Situation situation : Situation.values()) {
            if (situation.isOverFutures() && origin != Origin.EXISTING) {
                continue;
            }
            assertEquals(
                    played(origin, situation, Gather::settled),
                    played(origin, situation, plan -> plan.using(AllEnds::new)),
                    situation.text);
        }
    }

    private String played(
            Origin origin, Situation situation, Function<Gather<String>, Future<?>> policy) {
        try (GroupRun run = new GroupRun(leaks, origin, policy)) {
            run.userCodeReceivesFailures(); // the policy receives each failure
            situation.play(run);
            return run.describe();
        }
    }

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
        Gate never = new Gate();
        Late policy = new Late(answer);
        try (TaskScope scope = leaks.open("late")) {
            Future<Integer> group =
                    scope.gather(
                                    List.of(
                                            Bodies.returning("a", never),
                                            Bodies.returning("b", never),
                                            Bodies.returning("c", never)))
                            .timeout(Duration.ofMillis(20))
                            .using(() -> policy);
            Outcome<Integer> end = group.joinOutcome();
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
    void concludeLeavesTheOthersAlone() {
        Promise<String> one = Promise.create();
        Promise<String> other = Promise.create();
        Future<List<Outcome<String>>> group =
                Gather.<String>of(one, other)
                        .using(() -> recording((i, end) -> GatherPolicy.Decision.CONCLUDE));
        one.complete("one");
        assertEquals(List.of(new Outcome.Success<>("one")), group.join());
        assertFalse(other.isDone());
        other.complete("other");
        assertEquals(1, group.join().size(), "the policy is not called after its decision");
    }

    @Test
    @Rule(2)
    void stopEndsTheGroupOnceTheOthersHaveEnded() {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("stop")) {
            Task<String> slow = scope.start("slow", Bodies.cleaningUp(never, cleanUp, trail));
            Promise<String> quick = Promise.create();
            Future<List<Outcome<String>>> group =
                    Gather.<String>of(slow, quick)
                            .named("pages")
                            .using(() -> recording((i, end) -> GatherPolicy.Decision.STOP));
            never.awaitReached();
            quick.complete("quick");
            cleanUp.awaitReached();
            assertFalse(group.isDone());
            cleanUp.open();
            assertEquals(1, group.join().size());
            String why = slow.exception().getMessage();
            assertTrue(why.contains("promise") && why.contains("was enough for"), why);
        }
    }

    @Test
    void anExceptionOfThePolicyCancelsTheOthersAndFailsTheGroup() {
        IOException boom = new IOException("boom");
        Promise<String> one = Promise.create();
        Promise<String> other = Promise.create();
        Future<?> group =
                Gather.<String>of(one, other)
                        .using(
                                () ->
                                        new GatherPolicy<String, String>() {
                                            @Override
                                            public Decision ended(
                                                    int index, Outcome<String> outcome)
                                                    throws IOException {
                                                throw boom;
                                            }

                                            @Override
                                            public String result() {
                                                return "none";
                                            }
                                        });
        one.complete("one");
        assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
        assertTrue(other.isCancelled());
    }

    @Test
    void anExceptionOfResultAndANullDecisionFailTheGroup() {
        IOException boom = new IOException("boom");
        GatherPolicy<String, String> failing =
                new GatherPolicy<>() {
                    @Override
                    public Decision ended(int index, Outcome<String> outcome) {
                        return Decision.GO_ON;
                    }

                    @Override
                    public String result() throws IOException {
                        throw boom;
                    }
                };
        Gather<String> plan = Gather.of(Future.completed("a"));
        assertSame(boom, plan.using(() -> failing).joinOutcome().exceptionOrNull());
        Throwable none =
                plan.using(() -> GatherPolicyTest.<String>recording((i, end) -> null))
                        .joinOutcome()
                        .exceptionOrNull();
        assertInstanceOf(NullPointerException.class, none);
        assertTrue(none.getMessage().startsWith("the decision of using("), none.toString());
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
    @Rule(16)
    void onlyFailuresThatThePolicyReceivesAreRead() {
        Promise<String> first = Promise.create();
        Promise<String> second = Promise.create();
        IOException received = new IOException("received");
        IOException late = new IOException("late");
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(List.of(first, second), Future::join)
                            .using(
                                    () ->
                                            GatherPolicyTest.<String>recording(
                                                    (i, end) -> GatherPolicy.Decision.CONCLUDE));
            first.fail(received);
            group.join();
            second.fail(late);
        }
        List<FailureReport> reports = leaks.takeReports();
        assertTrue(reports.size() <= 1, reports::toString); // perhaps the close came first
        reports.forEach(each -> assertSame(late, each.exception().getCause()));
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

    @Test
    @Rule(3)
    void aNullPolicyIsRefusedAtOnce() {
        try (TaskScope scope = leaks.open("scope")) {
            Gather<Integer> plan = scope.gather(List.of(1), i -> i);
            assertTrue(
                    assertThrows(NullPointerException.class, () -> plan.using(null))
                            .getMessage()
                            .startsWith("policy must not be null"));
            assertTrue(
                    assertThrows(NullPointerException.class, () -> plan.using(() -> null))
                            .getMessage()
                            .startsWith("the policy that the supplier gives must not be null"));
            RuntimeException broken = new RuntimeException("broken");
            assertSame(
                    broken,
                    assertThrows(
                            RuntimeException.class,
                            () ->
                                    plan.using(
                                            () -> {
                                                throw broken;
                                            })));
            assertEquals(List.of(1), plan.all().join(), "no refusal has started the plan");
            assertEquals(List.of(), Arrays.asList(broken.getSuppressed()));
        }
    }
}
