package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.DeadlockTest.joinOrDeadlock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A circle of waits is a deadlock even if a waiter runs another body meanwhile. */
@Rule(25)
class DeadlockWhileHelpingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // The only thread runs the inner body inside the wait of the outer body.
    @Test
    void aBodyRunInsideAWaitCannotWaitForTheWaiter() {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        TaskScope scope = leaks.open("one thread", oneThread);
        try (scope) {
            Task<String> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<?> self = Task.current();
                                return Task.start(
                                                "inner",
                                                () -> {
                                                    DeadlockException refusal =
                                                            assertThrows(
                                                                    DeadlockException.class,
                                                                    self::join);
                                                    assertEquals(
                                                            Set.of("outer", "inner"),
                                                            Set.copyOf(refusal.circle()));
                                                    return "deadlock";
                                                })
                                        .join();
                            });
            assertEquals("deadlock", outer.join());
        } finally {
            oneThread.shutdown();
        }
    }

    /** While the waiter runs another body its wait is hidden. The other task closes the circle at that time. */
    @Test
    @Timeout(60)
    void circleClosedWhileTheWaiterHelps_isFound() throws InterruptedException {
        List<Runnable> queue = new CopyOnWriteArrayList<>();
        Gate beforeItWaits = new Gate();
        Gate helped = new Gate();
        Promise<Future<?>> group = Promise.create();
        try (TaskScope scope = leaks.open("helping", queue::add)) {
            Task<String> waiter =
                    scope.start(
                            "waiter",
                            () -> {
                                try {
                                    group.join().join();
                                    return "went on";
                                } catch (DeadlockException e) {
                                    return "deadlock";
                                }
                            });
            Task<String> other =
                    scope.start(
                            "other",
                            () -> {
                                beforeItWaits.pass();
                                return joinOrDeadlock(waiter);
                            });
            Task<Void> body = scope.launch("helped", helped::pass);
            group.complete(Gather.of(List.of(other, body)).all());
            List<Thread> threads = List.of(new Thread(queue.get(0)), new Thread(queue.get(1)));
            threads.get(1).start();
            beforeItWaits.awaitReached();
            threads.get(0).start();
            helped.awaitReached();
            beforeItWaits.open();
            while (!other.toString().contains("waiting for")) {
                Thread.onSpinWait();
            }
            helped.open();
            assertEquals("deadlock", waiter.join());
            assertEquals("got deadlock", other.join());
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
