package io.github.coro4j.interop.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Executors of the caller: those that refuse, break, lie, or end early. */
class ScopeExecutorTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Throwable> refusals() {
        return Stream.of(
                new RejectedExecutionException("full"),
                new IllegalStateException("broken"),
                new LinkageError("badly broken"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aTaskThatTheExecutorRefusesFailsWithWhatTheExecutorThrew(Throwable refusal) {
        Trail trail = new Trail();
        try (TaskScope scope = open(refusing(refusal))) {
            Task<String> task =
                    scope.start(
                            "refused",
                            () -> {
                                trail.add("ran");
                                return "ran";
                            });
            assertTrue(task.isDone());
            assertFalse(task.isCancelled());
            assertSame(refusal, task.exception());
            assertSame(refusal, scope.launch(() -> trail.add("ran")).exception());
        }
        trail.assertSteps();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void r16_aRefusalThatNobodyReadIsReported(Throwable refusal) {
        try (TaskScope scope = open(refusing(refusal))) {
            scope.start("refused", () -> "ran");
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
        assertEquals("refused", reports.get(0).name());
        assertSame(refusal, reports.get(0).exception());
    }

    // bodies of a group that are refused, with permits that must come back
    @ParameterizedTest
    @MethodSource("refusals")
    void r17_refusedBodiesOfAGroupFailLikeAnyOther(Throwable refusal) {
        try (TaskScope scope = open(refusing(refusal))) {
            List<Outcome<Integer>> list =
                    scope.gather(List.of(1, 2, 3), i -> i).limit(1).settled().join();
            assertEquals(3, list.size());
            for (Outcome<Integer> each : list) {
                assertSame(refusal, each.exceptionOrNull());
            }
            Future<List<Integer>> fast = scope.gather(List.of(1, 2, 3), i -> i).failFast();
            assertSame(refusal, fast.joinOutcome().exceptionOrNull());
        }
    }

    // waiting inside a task for one that was refused
    @Test
    void r25_aTaskMayWaitForOneThatIsRefused() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        AtomicInteger accepted = new AtomicInteger();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Executor once =
                body -> {
                    if (accepted.getAndIncrement() > 0) {
                        throw full;
                    }
                    thread.execute(body);
                };
        try (TaskScope scope = open(once)) {
            Task<Throwable> outer =
                    scope.start(
                            "accepted",
                            () ->
                                    Task.start("refused", () -> "ran")
                                            .joinOutcome()
                                            .exceptionOrNull());
            assertSame(full, outer.join());
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void anExecutorThatIsShutDownLaterRefusesLaterTasksOnly() {
        Gate gate = new Gate();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(executor)) {
            Task<String> before =
                    scope.start(
                            "before",
                            () -> {
                                gate.pass();
                                return "before";
                            });
            Future<String> mapped = before.map(value -> value + " and after");
            gate.awaitReached();
            executor.shutdown();
            Task<String> after = scope.start("after", () -> "after");
            assertInstanceOf(RejectedExecutionException.class, after.exception());
            gate.open();
            assertEquals("before", before.join());
            assertInstanceOf(
                    RejectedExecutionException.class, mapped.joinOutcome().exceptionOrNull());
        }
    }

    // The executor is the caller's, and outlives every scope on it.
    @Test
    void closingAScopeDoesNotShutItsExecutorDown() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 2; i++) {
                try (TaskScope scope = open(executor)) {
                    assertEquals("ran", scope.start(() -> "ran").join());
                }
            }
            assertEquals("still works", executor.submit(() -> "still works").get());
        } finally {
            executor.shutdown();
        }
    }

    // refused callbacks run elsewhere, and the close does not wait for them in vain
    @Test
    void r13_r23_aCallbackExecutorThatRefusesDoesNotHoldTheCloseUp() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        Trail trail = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .callbackExecutor(refusing(full))
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            Task<String> task = scope.start("task", () -> "value");
            task.addDoneCallback(f -> trail.add(f.result()));
            task.join();
        }
        trail.assertSteps("value");
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.CALLBACK_REJECTED, reports.get(0).kind());
        assertEquals("task", reports.get(0).name());
        assertSame(full, reports.get(0).exception());
    }

    // An interrupt that nobody of this library asked for is the body's own affair.
    @Test
    void shutdownNowIsAFailureAndNoCancellation() {
        Gate never = new Gate();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(executor)) {
            Task<Void> task = scope.launch("victim", never::pass);
            never.awaitReached();
            executor.shutdownNow();
            assertInstanceOf(InterruptedException.class, task.joinOutcome().exceptionOrNull());
            assertFalse(task.isCancelled());
        }
    }

    // Bodies on the caller's own stack: legal, if the caller wants that.
    @Test
    void aDirectExecutorRunsBodiesInsideStart() {
        Thread caller = Thread.currentThread();
        try (TaskScope scope = open(Runnable::run)) {
            Task<Thread> task = scope.start(Thread::currentThread);
            assertTrue(task.isDone());
            assertSame(caller, task.result());
            assertEquals(
                    List.of(1, 2, 3), scope.gather(List.of(1, 2, 3), i -> i).limit(1).all().join());
        }
    }

    // but callbacks never run on the stack of who completes
    @Test
    void r11_aDirectExecutorDoesNotMoveCallbacksIntoStart() {
        Thread caller = Thread.currentThread();
        Trail trail = new Trail();
        try (TaskScope scope = open(Runnable::run)) {
            scope.start(() -> "value")
                    .addDoneCallback(
                            f -> trail.add(Thread.currentThread() == caller), Runnable::run);
            trail.await(false);
        }
    }

    // for bodies: an executor that runs its work twice does not run a body twice
    @Test
    void r10_aBodyRunsOnceOnAnExecutorThatRunsEverythingTwice() {
        AtomicInteger runs = new AtomicInteger();
        Executor twice =
                body -> {
                    body.run();
                    body.run();
                };
        try (TaskScope scope = open(twice)) {
            assertEquals(1, scope.start(runs::incrementAndGet).join());
        }
        assertEquals(1, runs.get());
    }

    // What the executor throws after it has run the body comes too late.
    @Test
    void anExecutorThatThrowsAfterTheBodyChangesNothing() {
        Executor late =
                body -> {
                    body.run();
                    throw new IllegalStateException("too late");
                };
        try (TaskScope scope = open(late)) {
            Task<String> task = scope.start("task", () -> "value");
            assertEquals("value", task.join());
        }
    }

    // An executor that forgets its work cannot keep a scope from closing.
    @Test
    void anExecutorThatDropsItsWorkDoesNotHoldTheCloseUp() {
        Task<String> dropped;
        try (TaskScope scope = open(body -> {})) {
            dropped = scope.start("dropped", () -> "ran");
        }
        assertTrue(dropped.isCancelled());
    }

    private TaskScope open(Executor executor) {
        return leaks.open("shop", executor);
    }

    private static Executor refusing(Throwable refusal) {
        return body -> {
            if (refusal instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) refusal;
        };
    }
}
