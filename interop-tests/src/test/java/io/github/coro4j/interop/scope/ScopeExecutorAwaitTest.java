package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** A thread may wait for the end of a view of a scope as an ExecutorService. */
class ScopeExecutorAwaitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void awaitTerminationReturnsWhenTheScopeCloses() throws Exception {
        TaskScope scope = leaks.open("page");
        ExecutorService idle = scope.asExecutorService();
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> idle.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
        Thread waiter = new Thread(waiting);
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        scope.close();
        assertTrue(waiting.get());
    }

    @Test
    @Rule(9)
    void awaitTerminationIsInterruptible() {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> view.awaitTermination(1, TimeUnit.DAYS));
            assertFalse(Thread.interrupted(), "the exception replaces the flag");
            assertEquals(
                    "unit must not be null: the executor of scope \"page\" was not waited for",
                    assertThrows(NullPointerException.class, () -> view.awaitTermination(1, null))
                            .getMessage());
        }
    }

    // On JDK 19 and later, close() of the interface would wait in slices of a day.
    @Test
    @Rule(25)
    void aTaskThatWaitsForTheEndOfItsOwnExecutorGetsADeadlockException() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            List<Executable> waits = new ArrayList<>();
            waits.add(() -> view.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS));
            if (view instanceof AutoCloseable closeable) {
                waits.add(closeable::close);
            }
            for (Executable wait : waits) {
                java.util.concurrent.Future<DeadlockException> deadlock =
                        view.isShutdown()
                                ? null
                                : view.submit(() -> assertThrows(DeadlockException.class, wait));
                assertEquals(2, deadlock.get().circle().size());
                assertTrue(deadlock.get().getMessage().contains("the executor of scope \"page\""));
            }
        }
    }

    @Test
    void closeOfNewerJdksWaitsAndCancelsWhenItIsInterrupted() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            assumeTrue(scope.asExecutorService() instanceof AutoCloseable);
            ExecutorService view = scope.asExecutorService();
            Gate gate = new Gate();
            java.util.concurrent.Future<String> done = view.submit(() -> "done");
            ((AutoCloseable) view).close();
            assertTrue(view.isTerminated());
            assertEquals("done", done.get());

            ExecutorService interrupted = scope.asExecutorService();
            java.util.concurrent.Future<?> stopped =
                    interrupted.submit(
                            () -> {
                                gate.pass();
                                return null;
                            });
            gate.awaitReached();
            Thread.currentThread().interrupt();
            ((AutoCloseable) interrupted).close();
            assertTrue(Thread.interrupted(), "the flag is kept");
            assertTrue(stopped.isCancelled());
            assertTrue(interrupted.isTerminated());
        }
    }
}
