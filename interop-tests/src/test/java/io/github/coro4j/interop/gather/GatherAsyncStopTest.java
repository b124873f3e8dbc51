package io.github.coro4j.interop.gather;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gather of asynchronous work owns the futures that its function returns: what stops the group stops them. */
@Timeout(120)
class GatherAsyncStopTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Promises of the global scope, one for each item. */
    private final List<Promise<Integer>> elsewhere =
            IntStream.range(0, 20).mapToObj(i -> Promise.<Integer>create()).toList();

    /** Starts a group over {@link #elsewhere}, and returns once each child follows its promise. */
    private Gather<Integer> plan(TaskScope scope) {
        return scope.gatherAsync(IntStream.range(0, 20).boxed().toList(), elsewhere::get)
                .named("pages");
    }

    private static void awaitPending(TaskScope scope, int count) {
        while (scope.tasks().stream().filter(task -> isFollowing(task)).count() != count) {
            Thread.onSpinWait();
        }
    }

    private static boolean isFollowing(Task<?> task) {
        String text = task.toString();
        return text.contains("waiting for") && !text.contains("waiting for a thread");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void aCancelReachesEachPendingFutureInWhateverScope(Policy policy) {
        try (TaskScope scope = leaks.open("stop")) {
            Future<?> group = policy.start(plan(scope));
            awaitPending(scope, 20);
            assertTrue(group.cancel("user left"));
            group.joinOutcome();
            for (Promise<Integer> each : elsewhere) {
                TaskCancelledException e =
                        assertInstanceOf(TaskCancelledException.class, each.exception());
                assertEquals("user left", e.reason());
            }
        }
    }

    @Coro4jTest
    @Rule(20)
    void aFailureOrATimeoutStopsThePendingFutures(TestScope time) {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("stop")) {
            Future<?> group = plan(scope).failFast();
            awaitPending(scope, 20);
            elsewhere.get(7).fail(boom);
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(19, elsewhere.stream().filter(Future::isCancelled).count());

            Promise<Integer> late = Promise.create();
            Future<?> limited =
                    scope.gatherAsync(List.of(1), item -> late).timeout(Duration.ofMillis(1)).all();
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(limited);
            assertPending(late);
            time.advanceBy(Duration.ofNanos(1));
            assertTimedOut(limited);
            assertCancelled(late);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void theEndOfTheScopeLeavesFuturesOfOtherScopesAlone(Policy policy) {
        Future<?> group;
        try (TaskScope scope = leaks.open("stop")) {
            group = policy.start(plan(scope));
            awaitPending(scope, 20);
        }
        assertTrue(group.isCancelled(), group::toString);
        for (Promise<Integer> each : elsewhere) {
            assertFalse(each.isDone());
            assertFalse(each.isCancelling());
            each.complete(1);
        }
    }

    @Test
    @Rule(20)
    void theEndOfTheScopeCancelsFuturesOfThatScope() {
        List<CompletableFuture<Integer>> stages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stages.add(new CompletableFuture<>());
        }
        Future<?> group;
        try (TaskScope scope = leaks.open("stop")) {
            group = scope.gatherAsync(stages, Future::from).all();
            awaitPending(scope, 20);
        }
        assertTrue(group.isCancelled(), group::toString);
        stages.forEach(stage -> assertTrue(stage.isCancelled()));
    }

    @Test
    @Rule(20)
    void theEndOfTheScopeReachesTheFuturesOfAGroupThatHasFailed() {
        IOException boom = new IOException("boom");
        CompletableFuture<Integer> own = new CompletableFuture<>();
        Promise<Integer> other = Promise.create();
        try (TaskScope scope = leaks.open("stop")) {
            Future<?> group =
                    scope.gatherAsync(
                                    List.of(0, 1, 2),
                                    i ->
                                            switch (i) {
                                                case 0 -> elsewhere.get(0);
                                                case 1 -> Future.from(own);
                                                default -> other;
                                            })
                            .all();
            awaitPending(scope, 3);
            elsewhere.get(0).fail(boom);
            assertSame(boom, group.joinOutcome().exceptionOrNull());
            assertEquals(2, scope.tasks().size());
        }
        assertTrue(own.isCancelled());
        assertFalse(other.isCancelling());
    }

    @Test
    @Rule({4, 20})
    void aCancelWhileTheFunctionRunsReachesTheFuture() {
        Gate inside = new Gate();
        Promise<Integer> late = Promise.create();
        try (TaskScope scope = leaks.open("stop")) {
            Future<?> group =
                    scope.gatherAsync(
                                    List.of(1),
                                    item -> {
                                        inside.passUninterruptibly();
                                        return late;
                                    })
                            .all();
            inside.awaitReached();
            group.cancel("user left");
            assertFalse(late.isCancelling());
            inside.open();
            group.joinOutcome();
            assertTrue(group.isCancelled());
            assertTrue(late.isCancelled());
        }
    }

    @Test
    @Rule(22)
    void aPermitIsReturnedWhenTheFutureHasReallyEnded() {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("stop")) {
            Future<List<String>> group =
                    scope.gatherAsync(
                                    List.of(0, 1),
                                    item -> {
                                        trail.add("began " + item);
                                        if (item == 1) {
                                            return Future.completed("one");
                                        }
                                        return scope.start(
                                                () -> {
                                                    new SlowCleanUp(never, cleanUp).run();
                                                    return "zero";
                                                });
                                    })
                            .named("pages")
                            .concurrency(1)
                            .all();
            never.awaitReached();
            Task<?> child = Origin.child(0, scope);
            while (!isFollowing(child)) {
                Thread.onSpinWait();
            }
            child.cancel("not wanted");
            cleanUp.awaitReached();
            assertTrue(child.isCancelling());
            trail.assertSteps("began 0");
            cleanUp.open();
            trail.await("began 1");
            group.joinOutcome();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Rule({4, 20, 22})
    void anyOrderOfEndsCancelsAndClosesEndsEveryGroup(long seed) throws Exception {
        Random random = new Random(seed);
        ExecutorService others = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 500; round++) {
            AtomicInteger held = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            ConcurrentLinkedQueue<Promise<Integer>> made = new ConcurrentLinkedQueue<>();
            int limit = 1 + random.nextInt(4);
            int doneFirst = random.nextInt(3);
            int stop = random.nextInt(3);
            Future<?> group;
            try (TaskScope scope = leaks.open("race")) {
                Future<?> begun =
                        scope.gatherAsync(
                                        IntStream.range(0, 12).boxed().toList(),
                                        item -> {
                                            most.accumulateAndGet(
                                                    held.incrementAndGet(), Math::max);
                                            Promise<Integer> promise = Promise.create();
                                            promise.addDoneCallback(each -> {});
                                            made.add(promise);
                                            if (item % 3 == doneFirst) {
                                                held.decrementAndGet();
                                                promise.complete(item);
                                            }
                                            return promise;
                                        })
                                .concurrency(limit)
                                .all();
                java.util.concurrent.Future<?> completing =
                        others.submit(
                                () -> {
                                    for (int i = 0; i < 200; i++) {
                                        Promise<Integer> each = made.poll();
                                        if (each != null && !each.isDone()) {
                                            held.decrementAndGet();
                                            each.complete(i);
                                        }
                                    }
                                });
                group = begun;
                if (stop == 1) {
                    others.submit(() -> begun.cancel("stop")).get();
                } else if (stop == 2) {
                    scope.cancel("stop");
                }
                completing.get();
            }
            assertTrue(group.isDone(), group::toString);
            assertTrue(most.get() <= limit, most.get() + " of " + limit);
        }
        others.shutdown();
    }
}
