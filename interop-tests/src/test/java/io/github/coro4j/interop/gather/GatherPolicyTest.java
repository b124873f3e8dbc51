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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
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
    static <T> GatherPolicy<T, List<Outcome<T>>> recording(
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

    private PlayedCell played(
            Origin origin, Situation situation, Function<Gather<String>, Future<?>> policy) {
        try (GroupRun run = new GroupRun(leaks, origin, policy)) {
            run.userCodeReceivesFailures(); // the policy receives each failure
            situation.play(run);
            return run.end();
        }
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
