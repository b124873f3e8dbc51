package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5: which bodies a cancel interrupts, and which only see that they are cancelling. */
class InterruptTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(5)
    void aBlockedBodyIsInterrupted() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<Void> task =
                    scope.launch(
                            "blocked",
                            () -> {
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    trail.add("interrupted");
                                    throw e;
                                }
                            });
            gate.awaitReached();

            assertInstanceOf(Outcome.Cancelled.class, task.cancelAndJoin("enough"));
            trail.assertSteps("interrupted");
        }
    }

    @Test
    @Rule(5)
    void aBodyThatComputesFindsTheFlag() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate begun = new Gate();
            Task<Void> task =
                    scope.launch(
                            "busy",
                            () -> {
                                begun.open();
                                while (!Thread.currentThread().isInterrupted()) {
                                    Thread.onSpinWait();
                                }
                            });
            begun.passUninterruptibly();

            assertTrue(task.cancel(true));

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    @Rule(5)
    void cancelFalse_doesNotInterrupt() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<Void> task =
                    scope.launch(
                            "waiter",
                            () -> {
                                gate.pass(); // an interrupt would end it here
                                trail.add("flag: " + Thread.currentThread().isInterrupted());
                                trail.add("cancelling: " + Task.current().isCancelling());
                                Task.checkCancelled();
                                trail.add("never");
                            });
            gate.awaitReached();

            assertTrue(task.cancel(false));
            assertTrue(task.isCancelling());
            assertFalse(task.isDone());
            gate.open();

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
            trail.assertSteps("flag: false", "cancelling: true");
        }
    }

    @Test
    @Rule(5)
    void cancelFalseEndsTheNextWaitForAFuture() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Promise<String> never = Promise.create();
            Gate gate = new Gate();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Task<Void> task =
                    scope.launch(
                            "waiter",
                            () -> {
                                gate.pass();
                                thrown.set(
                                        assertThrows(WaitInterruptedException.class, never::join));
                                assertTrue(Thread.currentThread().isInterrupted());
                            });
            gate.awaitReached();
            task.cancel(false);
            gate.open();

            Outcome<Void> end = task.joinOutcome();
            assertInstanceOf(Outcome.Cancelled.class, end, end.toString());
            assertEquals("waiter", ((WaitInterruptedException) thrown.get()).waiter());
        }
    }

    @Test
    @Rule(5)
    void cancelFalse_endsARunningSleep() { // as Task.sleep says
        try (TaskScope scope = leaks.open("interrupt")) {
            AtomicReference<Thread> sleeper = new AtomicReference<>();
            Gate begun = new Gate();
            Task<Void> task =
                    scope.launch(
                            "sleeper",
                            () -> {
                                sleeper.set(Thread.currentThread());
                                begun.open();
                                Task.sleep(Duration.ofDays(1)).join();
                            });
            begun.passUninterruptibly();
            while (sleeper.get().getState() == Thread.State.RUNNABLE) {
                Thread.yield();
            }

            task.cancel(false);

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    @Rule(5)
    void cancelTrue_interruptsAfterACancelFalse() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("waiter", gate::pass);
            gate.awaitReached();

            assertTrue(task.cancel(false));
            assertTrue(task.cancel(true)); // without the interrupt the body would wait for ever

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    @Rule(6)
    void cancelFalse_cancelsABodyThatHasNotBegun() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<Void> blocker = scope.launch("blocker", gate::pass);
            gate.awaitReached();
            Task<Void> queued = scope.launch("queued", () -> trail.add("ran"));

            assertTrue(queued.cancel(false));

            assertTrue(queued.isCancelled());
            gate.open();
            blocker.join();
            scope.launch(() -> {}).join();
            trail.assertSteps();
        }
    }

    @Test
    @Rule(5)
    void cancelOfAQueuedTask_doesNotInterruptTheRunningTask() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Gate gate = new Gate();
            Task<String> running =
                    scope.start(
                            "running",
                            () -> {
                                gate.pass();
                                return "undisturbed, flag: " + Thread.interrupted();
                            });
            gate.awaitReached();

            scope.launch("queued", () -> {}).cancel("not needed");
            gate.open();

            assertEquals("undisturbed, flag: false", running.join());
        }
    }

    @Test
    @Rule(5)
    void cancelOfADoneTask_doesNotInterruptTheNextTask() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Task<Void> done = scope.launch("done", () -> {});
            done.join();
            Gate gate = new Gate();
            Task<String> running =
                    scope.start(
                            "running",
                            () -> {
                                gate.pass();
                                return "flag: " + Thread.interrupted();
                            });
            gate.awaitReached();

            assertFalse(done.cancel("late"));
            gate.open();

            assertEquals("flag: false", running.join());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Rule(7)
    void interruptWithoutACancel_isAFailure(boolean fromOutside) {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate gate = new Gate();
            AtomicReference<Thread> worker = new AtomicReference<>();
            AtomicReference<InterruptedException> thrown = new AtomicReference<>();
            Task<Void> task =
                    scope.start(
                            "victim",
                            () -> {
                                worker.set(Thread.currentThread());
                                if (!fromOutside) {
                                    Thread.currentThread().interrupt();
                                }
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    thrown.set(e);
                                    throw e;
                                }
                                return null;
                            });
            gate.awaitReached();
            if (fromOutside) {
                worker.get().interrupt();
            }

            Outcome<Void> outcome = task.joinOutcome();

            assertSame(thrown.get(), assertInstanceOf(Outcome.Failure.class, outcome).exception());
            assertFalse(task.isCancelled());
        }
    }

    @Test
    @Rule(5)
    void cancel_keepsTheInterruptFlagOfTheCaller() {
        try (TaskScope scope = leaks.open("interrupt")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("blocked", gate::pass);
            gate.awaitReached();

            Thread.currentThread().interrupt();
            task.cancel("enough");
            assertTrue(Thread.interrupted(), "the caller's flag was cleared");

            assertThrows(CancellationException.class, task::join);
        }
    }
}
