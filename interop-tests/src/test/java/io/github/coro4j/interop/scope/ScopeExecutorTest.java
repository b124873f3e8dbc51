package io.github.coro4j.interop.scope;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** TaskScope.asExecutorService runs what other code submits and executes. ScopeExecutorEndTest tests its end. */
class ScopeExecutorTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void submitGivesATaskOfTheScope() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            Gate gate = new Gate();
            IOException broken = new IOException("broken");
            java.util.concurrent.Future<String> value =
                    view.submit(
                            () -> {
                                gate.pass();
                                return Task.current().name();
                            });
            java.util.concurrent.Future<?> nothing = view.submit((Runnable) () -> {});
            java.util.concurrent.Future<String> given = view.submit(() -> {}, "given");
            java.util.concurrent.Future<String> failed =
                    view.submit(
                            () -> {
                                throw broken;
                            });
            Task<?> task = assertInstanceOf(Task.class, value);
            assertSame(scope, task.scope());
            gate.awaitReached();
            assertTrue(scope.tasks().contains(task));
            gate.open();

            assertEquals(task.name(), value.get());
            assertNull(nothing.get());
            assertEquals("given", given.get());
            assertSame(broken, assertThrows(ExecutionException.class, failed::get).getCause());
        }
    }

    @Test
    @Rule({2, 5})
    void cancelReallyStopsTheWork() {
        try (TaskScope scope = leaks.open("page")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            java.util.concurrent.Future<?> future =
                    scope.asExecutorService().submit(new SlowCleanUp(work, cleanUp));
            work.awaitReached();
            assertTrue(future.cancel(true));
            cleanUp.awaitReached();
            assertFalse(future.isDone(), "its clean-up runs");
            cleanUp.open();
            assertInstanceOf(Outcome.Cancelled.class, ((Future<?>) future).joinOutcome());
        }
    }

    @Test
    @Rule(6)
    void aCommandThatHasNotBegunNeverRunsAndItsFutureIsCancelled() {
        try (OneSlow executor = new OneSlow();
                TaskScope scope = leaks.open("page", executor)) {
            Trail trail = new Trail();
            ExecutorService view = scope.asExecutorService();
            FutureTask<String> theirs =
                    new FutureTask<>(
                            () -> {
                                trail.add("ran");
                                return "value";
                            });
            view.execute(theirs);
            scope.cancel("not needed");
            scope.join();
            assertTrue(theirs.isCancelled(), "a thread that waits for it would hang");
            trail.assertSteps();
        }
    }

    @Test
    @Rule(25)
    void aBodyMayWaitForTasksThatItSubmitsOnOneThread() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (TaskScope scope = leaks.open("page", one)) {
            ExecutorService view = scope.asExecutorService();
            assertEquals("depth 0", nested(view, 20).get());
            assertEquals(
                    List.of("a", "b"),
                    view.submit(
                                    () ->
                                            view.invokeAll(List.of(() -> "a", () -> "b")).stream()
                                                    .map(each -> ((Future<?>) each).join())
                                                    .toList())
                            .get());
            assertEquals("any", view.submit(() -> view.invokeAny(List.of(() -> "any"))).get());
        } finally {
            one.shutdown();
        }
    }

    private static java.util.concurrent.Future<String> nested(ExecutorService view, int depth) {
        return view.submit(() -> depth == 0 ? "depth 0" : nested(view, depth - 1).get());
    }

    @Test
    void theExecutorOfTheScopeRunsTheBodies() throws Exception {
        Trail trail = new Trail();
        try (TaskScope scope =
                leaks.open(
                        "page",
                        command -> {
                            trail.add("asked");
                            command.run();
                        })) {
            ExecutorService view = scope.asExecutorService();
            Thread here = Thread.currentThread();
            assertSame(here, view.submit(Thread::currentThread).get());
            trail.assertSteps("asked");
        }
    }

    @Test
    void aRejectionByTheExecutorOfTheScopeReachesTheCaller() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        try (TaskScope scope =
                leaks.open(
                        "page",
                        command -> {
                            throw full;
                        })) {
            ExecutorService view = scope.asExecutorService();
            FutureTask<String> theirs = new FutureTask<>(() -> "value");
            for (Executable call :
                    List.<Executable>of(
                            () -> view.execute(theirs),
                            () -> view.submit(() -> "x"),
                            () -> view.invokeAll(List.of(() -> "x")),
                            () -> view.invokeAny(List.of(() -> "x")))) {
                assertSame(full, assertThrows(RejectedExecutionException.class, call));
            }
            assertFalse(theirs.isDone(), "the caller may still run it");
            assertEquals(Set.of(), scope.tasks());
        }
    }

    @Test
    void aCancelledScopeRefusesCommandsBecauseTheyWouldNeverRun() {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            scope.cancel("user left");
            String said =
                    assertThrows(
                                    RejectedExecutionException.class,
                                    () -> CompletableFuture.supplyAsync(() -> "x", view))
                            .getMessage();
            assertEquals(
                    "scope \"page\" is cancelled: user left and cannot run a command; nothing was started."
                            + " "
                            + seeError("executor-shut-down"),
                    said);
            assertTrue(view.submit(() -> "x").isCancelled(), "as with start()");
            assertFalse(view.isShutdown());
        }
    }

    @Test
    void codeOfTheJdkWorksWithTheView() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            assertEquals("ab", CompletableFuture.supplyAsync(() -> "ab", view).get());
            ExecutorCompletionService<String> completion = new ExecutorCompletionService<>(view);
            Gate gate = new Gate();
            completion.submit(
                    () -> {
                        gate.pass();
                        return "second";
                    });
            completion.submit(() -> "first");
            assertEquals("first", completion.take().get());
            gate.open();
            assertEquals("second", completion.take().get());
            // A view may be the executor of another scope, whose bodies then run as tasks here.
            try (TaskScope inner = leaks.open("inner", view)) {
                assertEquals("inner", inner.start(() -> Task.current().scope().name()).join());
            }
        }
    }

    @Test
    @Rule(3)
    void aNullIsNamedAndStartsNothing() {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            String nothing = " must not be null: no task was started in scope \"page\"";
            says("command" + nothing, () -> view.execute(null));
            says("task" + nothing, () -> view.submit((Runnable) null));
            says("task" + nothing, () -> view.submit(null, "result"));
            assertEquals(Set.of(), scope.tasks());
        }
    }

    private static void says(String message, Executable call) {
        assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
    }

    /** Begins nothing until it is closed. */
    private static final class OneSlow implements java.util.concurrent.Executor, AutoCloseable {
        private final java.util.Queue<Runnable> queue =
                new java.util.concurrent.ConcurrentLinkedQueue<>();

        @Override
        public void execute(Runnable command) {
            queue.add(command);
        }

        @Override
        public void close() {
            queue.forEach(Runnable::run);
        }
    }
}
