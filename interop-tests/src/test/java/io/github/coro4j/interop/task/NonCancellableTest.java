package io.github.coro4j.interop.task;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R9: {@code Task.nonCancellable}. */
class NonCancellableTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Trail trail = new Trail();

    @Coro4jTest
    @Rule(9)
    void cleanUpOfACancelledBody_waitsForTasksAndSleeps(TestScope time) {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> transfer =
                    scope.launch(
                            "transfer",
                            () -> {
                                try {
                                    work.pass();
                                } catch (InterruptedException cancelled) {
                                    assertThrows(
                                            WaitInterruptedException.class,
                                            () -> Promise.create().join());
                                    String undone =
                                            Task.nonCancellable(
                                                    () -> {
                                                        Task.checkCancelled();
                                                        Task.sleep(Duration.ofMillis(1)).join();
                                                        return Task.start("undo", () -> "undone")
                                                                .join(Duration.ofDays(1));
                                                    });
                                    trail.add(undone);
                                    trail.add(Thread.currentThread().isInterrupted());
                                    throw cancelled;
                                }
                            });
            work.awaitReached();
            transfer.cancel("stop");
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(transfer);
            time.advanceBy(Duration.ofNanos(1));
            assertCancelled(transfer, "stop");
        }
        trail.assertSteps("undone", true);
    }

    @Test
    @Rule(9)
    void cancelOfTheScope_andItsClose_leaveTheCleanUpAlone() throws Exception {
        TaskScope scope = leaks.open("app");
        Gate cleanUp = new Gate();
        scope.launch(
                "transfer",
                () -> {
                    try {
                        work.pass();
                    } finally {
                        Task.nonCancellable(
                                () -> {
                                    cleanUp.pass();
                                    trail.add(Task.start(() -> "undone").join());
                                    return null;
                                });
                    }
                });
        work.awaitReached();
        scope.cancel("stop");
        cleanUp.awaitReached();
        Thread closing = new Thread(scope::close);
        closing.start();
        while (scope.isOpen()) {
            Thread.onSpinWait();
        }
        cleanUp.open();
        closing.join();
        trail.assertSteps("undone");
    }

    /** Cancels a task that runs a clean-up in its {@code finally} block, and waits for its end. */
    private void cancelled(TaskScope scope, Callable<String> cleanUp) {
        Task<?> transfer =
                scope.launch(
                        "transfer",
                        () -> {
                            try {
                                work.pass();
                            } finally {
                                trail.add(Task.nonCancellable(cleanUp));
                            }
                        });
        work.awaitReached();
        assertTrue(transfer.cancelAndJoin("stop").isCancelled());
    }

    @Test
    @Rule(9)
    void runInACleanUp_isNoPartOfTheCancelledTask() {
        try (TaskScope scope = leaks.open("app")) {
            cancelled(
                    scope, () -> TaskScope.run("undo", undo -> undo.start(() -> "undone").join()));
        }
        trail.assertSteps("undone");
    }

    // The interrupt of a cancel that comes inside is delivered afterwards.
    @Test
    @Rule(5)
    void cancelThatComesInside_interruptsAfterwards() {
        AtomicReference<Boolean> inside = new AtomicReference<>();
        AtomicReference<Boolean> afterwards = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> task =
                    scope.launch(
                            "task",
                            () -> {
                                Task.nonCancellable(
                                        () -> {
                                            work.pass();
                                            inside.set(Thread.currentThread().isInterrupted());
                                            return null;
                                        });
                                afterwards.set(Thread.currentThread().isInterrupted());
                            });
            work.awaitReached();
            task.cancel("stop");
            assertFalse(task.isDone());
            work.open();
            assertTrue(task.joinOutcome().isCancelled());
            assertEquals(false, inside.get());
            assertEquals(true, afterwards.get());
        }
    }

    // On one thread the clean-up runs the task that it waits for.
    @Test
    @Rule(25)
    void cleanUp_waitsForATaskOfItsOnlyThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (TaskScope scope = leaks.open("app", one);
                TaskScope other = leaks.open("other", one)) {
            cancelled(scope, () -> other.start(() -> "undone").join());
        } finally {
            one.shutdown();
            assertTrue(one.awaitTermination(1, TimeUnit.MINUTES));
        }
        trail.assertSteps("undone");
    }

    // No cancel ends the waits, so the circle gets an error.
    @Test
    @Rule(25)
    void circleOfCleanUps_isADeadlock() {
        Promise<Task<String>> second = Promise.create();
        try (TaskScope scope = leaks.open("app")) {
            Task<String> first =
                    scope.start("first", () -> Task.nonCancellable(() -> second.join().join()));
            second.complete(scope.start("second", () -> Task.nonCancellable(() -> first.join())));
            Throwable one = first.joinOutcome().exceptionOrNull();
            Throwable two = second.join().joinOutcome().exceptionOrNull();
            assertTrue(one instanceof DeadlockException || two instanceof DeadlockException);
        }
    }

    @Test
    @Rule(9)
    void exceptionAndValue_passUnchanged_alsoOutsideABody() throws Exception {
        Exception broken = new Exception("broken");
        assertSame(
                broken,
                assertThrows(
                        Exception.class,
                        () ->
                                Task.nonCancellable(
                                        () -> {
                                            throw broken;
                                        })));
        assertEquals("1", Task.nonCancellable(() -> "1"));
        String nested =
                TaskScope.run(
                        "run",
                        scope -> Task.<String>nonCancellable(() -> Task.nonCancellable(() -> "2")));
        assertEquals("2", nested);
        assertEquals(
                "cleanUp must not be null: nothing was run",
                assertThrows(NullPointerException.class, () -> Task.nonCancellable(null))
                        .getMessage());
    }
}
