package io.github.coro4j.interop.gather;

import static io.github.coro4j.interop.gather.GatherRaceTest.ROUNDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Once a group is stopped or has failed, no body begins that waits for a permit or a thread. */
class GatherStoppedBodiesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Named<BiConsumer<TaskScope, Future<?>>>> stops() {
        return Stream.of(
                Named.of("cancel of the group", (scope, group) -> group.cancel("race")),
                Named.of("cancel of the scope", (scope, group) -> scope.cancel("race")),
                Named.of("close of the scope", (scope, group) -> scope.close()));
    }

    // A cancelled body returns its permit, but no other cancelled body may begin with it.
    @ParameterizedTest
    @MethodSource("stops")
    @Rule({6, 20})
    void noBodyThatWaitsForAPermitBeginsOnceAllAreStopped(BiConsumer<TaskScope, Future<?>> stop) {
        for (int round = 0; round < ROUNDS; round++) {
            for (Policy policy : Policy.values()) {
                assertOnlyTheFirstRuns(policy, 1, stop, leaks.open("race"));
            }
        }
    }

    // The same holds for the thread of the cancelled body.
    @ParameterizedTest
    @MethodSource("stops")
    @Rule({6, 20})
    void noBodyThatWaitsForAThreadBeginsOnceAllAreStopped(BiConsumer<TaskScope, Future<?>> stop) {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                for (Policy policy : Policy.values()) {
                    TaskScope scope =
                            TaskScope.builder()
                                    .name("race")
                                    .executor(oneThread)
                                    .failureListener(leaks.listener())
                                    .open();
                    assertOnlyTheFirstRuns(policy, 8, stop, leaks.opened(scope));
                }
            }
        } finally {
            oneThread.shutdown();
        }
    }

    private static void assertOnlyTheFirstRuns(
            Policy policy, int limit, BiConsumer<TaskScope, Future<?>> stop, TaskScope scope) {
        Gate never = new Gate();
        AtomicInteger runs = new AtomicInteger();
        try (scope) {
            Gather<Integer> plan =
                    scope.gather(
                            List.of(1, 2, 3, 4, 5, 6, 7, 8),
                            i -> {
                                runs.incrementAndGet();
                                never.pass();
                                return i;
                            });
            Future<? extends List<?>> group = policy.start(plan.concurrency(limit));
            never.awaitReached();
            stop.accept(scope, group);
            group.joinOutcome();
        }
        assertEquals(1, runs.get(), policy + ": bodies that began");
    }

    @Test
    @Rule({17, 22})
    void noBodyThatWaitsForAPermitBeginsAfterAFailure() {
        for (int round = 0; round < ROUNDS; round++) {
            Gate never = new Gate();
            AtomicInteger runs = new AtomicInteger();
            try (TaskScope scope = leaks.open("race")) {
                Future<List<Integer>> group =
                        scope.gather(
                                        List.of(1, 2, 3, 4, 5, 6, 7, 8),
                                        i -> {
                                            runs.incrementAndGet();
                                            if (i == 2) {
                                                never.awaitReached();
                                                throw new IOException("boom");
                                            }
                                            never.pass();
                                            return i;
                                        })
                                .concurrency(2)
                                .failFast();
                assertTrue(group.joinOutcome().exceptionOrNull() instanceof IOException);
            }
            assertEquals(2, runs.get(), "round " + round);
        }
    }
}
