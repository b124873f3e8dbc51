package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R4, R6, R7: what a cancel does to a task, and what each reader sees of it. */
class CancelTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(6)
    void aBodyThatHasNotBegunNeverRunsAndTheTaskIsDoneAtOnce() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<Void> blocker = scope.launch("blocker", gate::pass);
            gate.awaitReached();
            Task<Void> queued = scope.launch("queued", () -> trail.add("queued"));
            Task<Void> next = scope.launch("next", () -> trail.add("next"));

            assertTrue(queued.cancel("not needed"));

            assertTrue(queued.isDone());
            assertTrue(queued.isCancelled());
            assertFalse(queued.isCancelling());
            assertEquals("not needed", cancellationOf(queued).reason());
            assertFalse(queued.cancel("again"));
            gate.open();
            blocker.join();
            next.join();
            trail.assertSteps("next");
        }
    }

    @Test
    @Rule(7)
    void aBodyThatSwallowsTheRequestIsStillCancelled() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate gate = new Gate();
            Task<Integer> task =
                    scope.start(
                            "stubborn",
                            () -> {
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    // swallowed on purpose
                                }
                                return 42;
                            });
            gate.awaitReached();

            assertEquals("enough", cancellationOf(task.cancelAndJoin("enough")).reason());
            assertTrue(task.isCancelled());
            assertThrows(CancellationException.class, task::result);
        }
    }

    @Test
    @Rule(4)
    void aSwallowedRequestEndsTheNextWaitToo() {
        try (TaskScope scope = leaks.open("cancel")) {
            Promise<String> never = Promise.create();
            Gate begun = new Gate();
            AtomicInteger ended = new AtomicInteger();
            Task<Void> task =
                    scope.launch(
                            "stubborn",
                            () -> {
                                begun.open();
                                for (int i = 0; i < 3; i++) {
                                    try {
                                        never.join();
                                    } catch (WaitInterruptedException e) {
                                        Thread.interrupted(); // even without the flag
                                        ended.incrementAndGet();
                                    }
                                }
                                Task.checkCancelled();
                                ended.set(-1);
                            });
            begun.passUninterruptibly();

            assertEquals("enough", cancellationOf(task.cancelAndJoin("enough")).reason());
            assertEquals(3, ended.get());
        }
    }

    @Test
    @Rule(4)
    void aSecondRequestDoesNotDisturbTheCleanUp() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Trail trail = new Trail();
            Task<Void> task =
                    scope.launch(
                            "careful",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    cleanUp.pass(); // an interrupt would end it here
                                    trail.add("cleaned up");
                                }
                            });
            work.awaitReached();
            task.cancel("first");
            cleanUp.awaitReached();

            assertTrue(task.cancel("second"));
            assertTrue(task.cancel(true));

            cleanUp.open();
            assertEquals("first", cancellationOf(task).reason());
            trail.assertSteps("cleaned up");
        }
    }

    @Test
    void aTaskMayCancelItselfAndStopsAtItsNextWait() {
        try (TaskScope scope = leaks.open("cancel")) {
            Trail trail = new Trail();
            Task<Void> task =
                    scope.launch(
                            "self",
                            () -> {
                                assertTrue(Task.current().cancel("done with it"));
                                trail.add("runs on");
                                new Gate().pass();
                                trail.add("never");
                            });

            assertEquals("done with it", cancellationOf(task).reason());
            trail.assertSteps("runs on");
        }
    }

    @Test
    void taskThatJoinsACancelledFuture_failsAndIsNotCancelled() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate gate = new Gate();
            Task<Void> other = scope.launch("other", gate::pass);
            Task<Void> waiter = scope.start("waiter", other::join);
            other.cancel("not needed");

            Outcome<Void> outcome = waiter.joinOutcome();

            assertFalse(waiter.isCancelled(), "the waiter itself was not cancelled");
            assertSame(
                    other.exception(),
                    assertInstanceOf(Outcome.Failure.class, outcome).exception());
        }
    }

    @Test
    void aLoopThatNeverBlocksStopsAtCheckCancelled() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate begun = new Gate();
            Task<Void> task =
                    scope.launch(
                            "loop",
                            () -> {
                                begun.open();
                                while (true) {
                                    Task.checkCancelled();
                                }
                            });
            begun.passUninterruptibly();

            assertEquals("enough", cancellationOf(task.cancelAndJoin("enough")).reason());
        }
    }

    @Test
    void checkCancelled_doesNothingWithoutACancel() {
        Task.checkCancelled();
        try (TaskScope scope = leaks.open("cancel")) {
            assertEquals(
                    "ran",
                    scope.start(
                                    () -> {
                                        Task.checkCancelled();
                                        return "ran";
                                    })
                            .join());
        }
    }

    @Test
    void cancelAndJoinReturnsWhenTheWorkHasReallyStopped() throws Exception {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate cleanUp = new Gate();
            Trail trail = new Trail();
            Task<String> task = slowToStop(scope, "fetch", cleanUp);
            task.addDoneCallback(each -> trail.add("done: " + each.isDone()));
            PlainThread<Outcome<String>> stopper =
                    PlainThread.start(
                            "stopper",
                            () -> {
                                Outcome<String> outcome = task.cancelAndJoin("enough");
                                trail.add("returned: " + task.isDone());
                                return outcome;
                            });
            cleanUp.awaitReached();
            stopper.awaitBlocked();
            trail.assertSteps();

            cleanUp.open();

            assertEquals("enough", cancellationOf(stopper.result()).reason());
            trail.await("returned: true");
            trail.await("done: true");
        }
    }

    /** Starts a task that waits at the gate of its clean-up after a cancel. */
    static Task<String> slowToStop(TaskScope scope, String name, Gate cleanUp) {
        Gate work = new Gate();
        Task<String> task = scope.start(name, new SlowCleanUp(work, cleanUp));
        work.awaitReached();
        return task;
    }

    static TaskCancelledException cancellationOf(Task<?> task) {
        return cancellationOf(task.joinOutcome());
    }

    static TaskCancelledException cancellationOf(Outcome<?> outcome) {
        return assertInstanceOf(
                TaskCancelledException.class,
                assertInstanceOf(Outcome.Cancelled.class, outcome).cancellation());
    }
}
