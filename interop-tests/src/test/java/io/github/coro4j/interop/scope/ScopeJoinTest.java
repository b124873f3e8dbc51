package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code TaskScope.join} waits for all tasks, ends none of them, and throws none of their failures. */
class ScopeJoinTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void joinWaitsForTasksThatStartMeanwhile() {
        AtomicInteger ended = new AtomicInteger();
        try (TaskScope scope = leaks.open("join")) {
            scope.launch(() -> startChain(100, ended));
            scope.join();
            assertEquals(100, ended.get());
        }
    }

    @Test
    void joinWaitsForTheTasksOfTheGlobalScopeToo() {
        AtomicInteger ended = new AtomicInteger();
        startChain(100, ended);
        TaskScope.global().join();
        assertEquals(100, ended.get());
    }

    @Test
    @Rule(8)
    void aJoinInTimeAnswersWhetherAllWorkHasEnded() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("join")) {
            Task<Void> task = scope.launch(gate::passUninterruptibly);
            assertFalse(scope.join(Duration.ZERO));
            assertFalse(scope.join(Duration.ofMillis(1)));
            assertFalse(task.isCancelling(), "abandoning a wait cancels nothing");
            gate.open();
            assertTrue(scope.join(Duration.ofDays(1)));
            assertTrue(scope.join(Duration.ZERO));
            assertTrue(TaskScope.global().join(Duration.ofDays(1)));
        }
    }

    @Test
    @Rule({8, 9})
    void anInterruptEndsAJoinInTime() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("join")) {
            Task<Void> task = scope.launch(gate::passUninterruptibly);
            Thread.currentThread().interrupt();
            WaitInterruptedException thrown =
                    assertThrows(
                            WaitInterruptedException.class, () -> scope.join(Duration.ofDays(1)));
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            assertTrue(thrown.getMessage().contains("join"), thrown::getMessage);
            assertFalse(task.isCancelling());
            gate.open();
        }
    }

    private static void startChain(int length, AtomicInteger ended) {
        if (length > 0) {
            Task.launch(
                    () -> {
                        startChain(length - 1, ended);
                        ended.incrementAndGet();
                    });
        }
    }

    @Test
    void failuresAreNotThrown() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("join")) {
            Task<String> failing =
                    scope.start(
                            () -> {
                                throw boom;
                            });
            scope.join();
            assertTrue(failing.isDone());
            assertSame(boom, failing.exception());
        }
    }

    @Test
    void anEmptyOrClosedScopeIsJoinedAtOnce() {
        TaskScope scope = leaks.open("join");
        scope.join();
        scope.close();
        scope.join();
    }

    @Test
    @Rule({8, 9})
    void anInterruptEndsOnlyTheWait() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("join")) {
            Task<Void> task = scope.launch(gate::pass);
            Thread waiter = Thread.currentThread();
            scope.launch(
                    () -> {
                        gate.awaitReached();
                        waiter.interrupt();
                    });
            WaitInterruptedException thrown =
                    assertThrows(WaitInterruptedException.class, scope::join);
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            assertEquals(waiter.getName(), thrown.waiter());
            assertTrue(thrown.getMessage().contains("join"), thrown::getMessage);
            assertFalse(task.isCancelling());
            gate.open();
            scope.join();
            assertTrue(task.isDone());
            assertFalse(task.isCancelled());
        }
    }

    // The waiter is a task of another scope.
    @Test
    @Rule({8, 9})
    void aCancelEndsTheWaitOfATask() {
        Gate gate = new Gate();
        Gate waiting = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("waited for");
                TaskScope other = leaks.open("other")) {
            Task<Void> task = scope.launch(gate::pass);
            Task<Void> waiter =
                    other.launch(
                            "waiter",
                            () -> {
                                waiting.passUninterruptibly();
                                try {
                                    scope.join();
                                } catch (WaitInterruptedException e) {
                                    trail.add(e.waiter());
                                    throw e;
                                }
                            });
            waiting.awaitReached();
            waiter.cancel("not wanted");
            waiting.open();
            waiter.joinOutcome();
            assertTrue(waiter.isCancelled());
            assertFalse(task.isCancelling());
            gate.open();
            scope.join();
            assertFalse(task.isCancelled());
        }
        trail.assertSteps("waiter");
    }
}
