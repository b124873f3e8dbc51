package io.github.coro4j.interop.scope;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Trail;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** A view of a scope as an ExecutorService ends by itself or with the scope. */
class ScopeExecutorEndTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void shutdownEndsThisViewAlone() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Gate gate = new Gate();
            ExecutorService view = scope.asExecutorService();
            ExecutorService other = scope.asExecutorService();
            java.util.concurrent.Future<String> before =
                    view.submit(
                            () -> {
                                gate.pass();
                                return "before";
                            });
            assertEquals("Executor of scope \"page\" (open, 1 task)", view.toString());
            view.shutdown();
            view.shutdown();
            assertTrue(view.isShutdown());
            assertFalse(view.isTerminated());
            assertFalse(view.awaitTermination(1, TimeUnit.MILLISECONDS));
            assertEquals("Executor of scope \"page\" (shut down, 1 task)", view.toString());
            for (Executable call :
                    List.<Executable>of(
                            () -> view.execute(() -> {}),
                            () -> view.submit(() -> "x"),
                            () -> view.invokeAll(List.of(() -> "x")),
                            () -> view.invokeAll(List.of(), 0, TimeUnit.SECONDS),
                            () -> view.invokeAny(List.of(() -> "x")))) {
                assertEquals(
                        "the executor of scope \"page\" was shut down and cannot take a task; nothing was started."
                                + " The scope is open: ask it for another executor."
                                + " "
                                + seeError("executor-shut-down"),
                        assertThrows(RejectedExecutionException.class, call).getMessage());
            }
            assertFalse(other.isShutdown());
            assertEquals("other", other.submit(() -> "other").get());

            gate.open();
            assertTrue(view.awaitTermination(1, TimeUnit.DAYS));
            assertTrue(view.isTerminated());
            assertEquals("before", before.get());
            assertEquals("Executor of scope \"page\" (terminated, 0 tasks)", view.toString());
            assertTrue(scope.isOpen());
        }
    }

    @Test
    void shutdownNowCancelsTheTasksOfTheViewAndReturnsThoseThatNeverBegan() throws Exception {
        Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
        try (TaskScope scope = leaks.open("page", queue::add)) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            ExecutorService view = scope.asExecutorService();
            Task<String> notHere = scope.start("not here", () -> "not here");
            queue.remove();
            java.util.concurrent.Future<?> running =
                    view.submit(
                            () -> {
                                gate.pass();
                                return null;
                            });
            Thread thread = new Thread(queue.remove());
            thread.start();
            gate.awaitReached();
            Runnable command = () -> trail.add("command");
            FutureTask<String> theirs = new FutureTask<>(() -> "theirs");
            view.execute(command);
            view.execute(theirs);
            java.util.concurrent.Future<String> callable =
                    view.submit(
                            () -> {
                                trail.add("callable");
                                return "x";
                            });

            List<Runnable> unbegun = view.shutdownNow();

            thread.join();
            assertEquals(3, unbegun.size());
            assertTrue(unbegun.remove(command));
            assertTrue(unbegun.remove(theirs), "the same object");
            assertFalse(theirs.isDone(), "the caller may still run it");
            FutureTask<?> again = assertInstanceOf(FutureTask.class, unbegun.get(0));
            trail.assertSteps();
            again.run();
            assertEquals("x", again.get());
            trail.assertSteps("callable");
            for (java.util.concurrent.Future<?> each : List.of(running, callable)) {
                assertEquals(
                        "the executor of scope \"page\" was shut down at once",
                        assertInstanceOf(
                                        TaskCancelledException.class,
                                        ((Future<?>) each).joinOutcome().exceptionOrNull())
                                .reason());
            }
            assertTrue(view.isTerminated());
            assertEquals(List.of(), view.shutdownNow());
            assertFalse(notHere.isCancelling());
            notHere.cancel("the test is over");
        }
    }

    @Test
    void closingTheScopeShutsTheViewDown() throws Exception {
        TaskScope scope = leaks.open("page");
        ExecutorService idle = scope.asExecutorService();
        ExecutorService busy = scope.asExecutorService();
        Gate gate = new Gate();
        java.util.concurrent.Future<?> running =
                busy.submit(
                        () -> {
                            gate.pass();
                            return null;
                        });
        gate.awaitReached();
        assertFalse(idle.isShutdown());

        scope.close();

        for (ExecutorService view : List.of(idle, busy, scope.asExecutorService())) {
            assertTrue(view.isShutdown());
            assertTrue(view.isTerminated());
            assertTrue(view.awaitTermination(0, TimeUnit.SECONDS));
            assertEquals(
                    "scope \"page\" is closed and cannot take a task; nothing was started."
                            + " Start it before the scope is closed, or in another scope."
                            + " "
                            + seeError("closed-scope"),
                    assertThrows(RejectedExecutionException.class, () -> view.execute(() -> {}))
                            .getMessage());
        }
        assertTrue(running.isCancelled());
    }

    @Test
    void aTerminatedViewStaysTerminated() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        ExecutorService view = scope.asExecutorService();
                        AtomicInteger accepted = new AtomicInteger();
                        AtomicInteger ran = new AtomicInteger();
                        race.run(
                                random,
                                () -> submit(view, accepted, ran),
                                () -> submit(view, accepted, ran),
                                () -> {
                                    view.shutdown();
                                    view.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
                                    int ended = ran.get();
                                    for (int look = 0; look < 20; look++) {
                                        assertTrue(view.isTerminated());
                                        Thread.yield();
                                    }
                                    assertEquals(ended, ran.get(), "begun after the end");
                                    return null;
                                });
                        assertEquals(accepted.get(), ran.get(), "each accepted task has run");
                    });
        }
    }

    private static Object submit(ExecutorService view, AtomicInteger accepted, AtomicInteger ran) {
        try {
            view.execute(ran::incrementAndGet);
            accepted.incrementAndGet();
        } catch (RejectedExecutionException e) {
            assertTrue(view.isShutdown());
        }
        return null;
    }

    @Test
    void shutdownNowReturnsTheTasksThatDidNotRun() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        ExecutorService view = scope.asExecutorService();
                        AtomicInteger accepted = new AtomicInteger();
                        AtomicInteger ran = new AtomicInteger();
                        List<List<Runnable>> unbegun = new ArrayList<>();
                        race.run(
                                random,
                                () -> submit(view, accepted, ran),
                                () -> submit(view, accepted, ran),
                                () -> {
                                    unbegun.add(view.shutdownNow());
                                    return null;
                                });
                        assertTrue(view.awaitTermination(1, TimeUnit.DAYS));
                        assertEquals(accepted.get(), ran.get() + unbegun.get(0).size());
                    });
        }
    }

    @Test
    void anUnreachableViewIsCollected() {
        try (TaskScope scope = leaks.open("page")) {
            WeakReference<ExecutorService> dropped = used(scope);
            while (dropped.get() != null) {
                System.gc();
            }
            assertEquals(1, scope.dump().lines().count(), scope::dump);
        }
    }

    private static WeakReference<ExecutorService> used(TaskScope scope) {
        ExecutorService view = scope.asExecutorService();
        assertInstanceOf(Outcome.Success.class, ((Future<?>) view.submit(() -> "x")).joinOutcome());
        assertSame(scope, ((Task<?>) view.submit(() -> "x")).scope());
        scope.join();
        return new WeakReference<>(view);
    }
}
