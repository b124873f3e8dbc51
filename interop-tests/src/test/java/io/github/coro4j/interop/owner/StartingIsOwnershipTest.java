package io.github.coro4j.interop.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R31: a cancelled task takes what its body has started with it, and ends after it. */
class StartingIsOwnershipTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Gate cleanUp = new Gate();

    private static String reasonOf(Future<?> future) {
        return ((io.github.coro4j.TaskCancelledException) future.exception()).reason();
    }

    @Rule(31)
    @ParameterizedTest
    @EnumSource
    void cancel_stopsWhatTheBodyHasStarted_andWaitsForIt(StartedKind kind) {
        Promise<Future<?>> started = Promise.create();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.start(
                            "page",
                            () -> {
                                Future<?> load = kind.start(scope, new SlowCleanUp(work, cleanUp));
                                started.complete(load);
                                return load.join();
                            });
            work.awaitReached();
            page.cancel("the user has left");
            cleanUp.awaitReached();
            assertFalse(page.isDone());
            assertTrue(page.isCancelling());
            assertTrue(started.join().isCancelling());
            cleanUp.open();
            assertTrue(page.joinOutcome().isCancelled());
            assertTrue(started.join().isCancelled());
            assertEquals("the user has left", reasonOf(started.join()));
            assertEquals("the user has left", reasonOf(page));
            assertTrue(scope.tasks().isEmpty());
        }
    }

    // The body does not wait for the work, and has nothing else to do.
    @Rule(31)
    @ParameterizedTest
    @EnumSource
    void bodyThatReturnsAfterTheCancel_endsAfterItsWork(StartedKind kind) {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.start(
                            "page",
                            () -> {
                                kind.start(scope, new SlowCleanUp(work, cleanUp));
                                work.awaitReached();
                                try {
                                    cancelled.await();
                                } catch (InterruptedException swallowed) {
                                    return "early";
                                }
                                return "late";
                            });
            work.awaitReached();
            page.cancel("the user has left");
            cleanUp.awaitReached();
            assertFalse(page.isDone());
            cleanUp.open();
            assertTrue(page.joinOutcome().isCancelled());
        }
    }

    @Rule(31)
    @ParameterizedTest
    @EnumSource
    void bodyThatReturns_leavesItsWorkToTheScope(StartedKind kind) {
        try (TaskScope scope = leaks.open("app")) {
            Task<Future<?>> page =
                    scope.start("page", () -> kind.start(scope, new SlowCleanUp(work, cleanUp)));
            Future<?> load = page.join();
            work.awaitReached();
            assertFalse(page.cancel("too late"));
            assertFalse(load.isCancelling());
            cleanUp.open();
            work.open();
            load.join();
        }
    }

    @Rule(31)
    @ParameterizedTest
    @EnumSource
    void bodyThatFails_leavesItsWorkToTheScope(StartedKind kind) {
        Promise<Future<?>> started = Promise.create();
        IllegalStateException broken = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.start(
                            "page",
                            () -> {
                                started.complete(kind.start(scope, new SlowCleanUp(work, cleanUp)));
                                throw broken;
                            });
            assertEquals(broken, page.joinOutcome().exceptionOrNull());
            work.awaitReached();
            assertFalse(started.join().isCancelling());
            cleanUp.open();
            work.open();
            started.join().join();
        }
    }

    // What a cancelled body starts while it cleans up is cancelled before it begins.
    @Test
    @Rule(31)
    void workStartedAfterTheCancel_neverBegins() {
        AtomicReference<Task<String>> late = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    late.set(scope.start("late", () -> "ran"));
                                }
                            });
            work.awaitReached();
            assertTrue(page.cancelAndJoin("the user has left").isCancelled());
            assertTrue(late.get().isCancelled());
            assertEquals("the user has left", reasonOf(late.get()));
        }
    }

    @Test
    @Rule(31)
    void cancelWithoutInterrupt_doesNotInterruptTheWork() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                Task<?> load =
                                        scope.launch(
                                                "load",
                                                () -> {
                                                    asked.countDown();
                                                    while (!Task.current().isCancelling()) {
                                                        Thread.onSpinWait();
                                                    }
                                                    interrupted.set(
                                                            Thread.currentThread().isInterrupted());
                                                });
                                load.join();
                            });
            asked.await();
            page.cancel(false);
            page.joinOutcome();
            assertEquals(false, interrupted.get());
        }
    }

    @Test
    @Rule(31)
    void sleepAndStage_areCancelled() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        AtomicReference<Future<?>> sleep = new AtomicReference<>();
        AtomicReference<Future<?>> stage = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                sleep.set(Task.sleep(java.time.Duration.ofDays(1)));
                                stage.set(Future.from(answer));
                                work.pass();
                            });
            work.awaitReached();
            assertTrue(page.cancelAndJoin("the user has left").isCancelled());
            assertTrue(sleep.get().isCancelled());
            assertTrue(stage.get().isCancelled());
            assertEquals("the user has left", reasonOf(stage.get()));
        }
        // The scope has waited until the cancel reached the stage.
        assertTrue(answer.isCancelled());
    }

    @Test
    @Rule(31)
    void cancelThatIsRepeatedWithAnInterrupt_interruptsTheWork() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> scope.start("load", new SlowCleanUp(work, cleanUp)).join());
            work.awaitReached();
            page.cancel(false);
            assertFalse(page.isDone());
            page.cancel(true);
            cleanUp.awaitReached();
            cleanUp.open();
            assertTrue(page.joinOutcome().isCancelled());
        }
    }

    // The thread of the body is free while its cancelled task waits for the work.
    @Test
    @Rule(31)
    void cancelledTaskThatWaitsForItsWork_holdsNoThread() throws Exception {
        java.util.concurrent.ExecutorService two =
                java.util.concurrent.Executors.newFixedThreadPool(2);
        try (TaskScope scope = leaks.open("app", two)) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                scope.start("load", new SlowCleanUp(work, cleanUp));
                                work.awaitReached();
                                new CountDownLatch(1).await();
                            });
            work.awaitReached();
            page.cancel("the user has left");
            cleanUp.awaitReached();
            assertEquals("ran", scope.start("other", () -> "ran").join());
            assertFalse(page.isDone());
            cleanUp.open();
            page.joinOutcome();
        } finally {
            two.shutdown();
            assertTrue(two.awaitTermination(1, TimeUnit.MINUTES));
        }
    }
}
