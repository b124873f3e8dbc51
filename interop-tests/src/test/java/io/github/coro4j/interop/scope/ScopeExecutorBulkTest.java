package io.github.coro4j.interop.scope;

import static io.github.coro4j.interop.scope.ScopeExecutorBulkTimeoutTest.blocked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** invokeAll and invokeAny of a scope's ExecutorService keep the contract of the JDK. */
class ScopeExecutorBulkTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // ---- invokeAll

    @Test
    void invokeAllReturnsTheFuturesInOrderOnceAllHaveEnded() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            IOException broken = new IOException("broken");
            List<Future<String>> all =
                    scope.asExecutorService()
                            .invokeAll(
                                    List.of(
                                            () -> "a",
                                            () -> {
                                                throw broken;
                                            },
                                            () -> null));
            assertTrue(all.stream().allMatch(Future::isDone));
            assertEquals("a", all.get(0).get());
            assertSame(broken, assertThrows(ExecutionException.class, all.get(1)::get).getCause());
            assertEquals(null, all.get(2).get());
            assertEquals(List.of(), scope.asExecutorService().invokeAll(List.of()));
        }
    }

    @Test
    @Rule(16)
    void aFailureInAnUnreadListIsReported() throws Exception {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("page")) {
            scope.asExecutorService().invokeAll(List.of(throwing(broken)));
        }
        assertEquals(
                List.of(broken),
                leaks.takeReports().stream().map(FailureReport::exception).toList());
    }

    @Test
    void invokeAllThatIsInterruptedCancelsTheOthers() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            ExecutorService view = scope.asExecutorService();
            Thread waiter =
                    new Thread(
                            () -> {
                                try {
                                    view.invokeAll(List.of(() -> "quick", blocked(gate)));
                                } catch (InterruptedException e) {
                                    trail.add(Thread.currentThread().isInterrupted());
                                }
                            });
            waiter.start();
            gate.awaitReached();
            waiter.interrupt();
            waiter.join();
            trail.assertSteps(false);
            scope.join(); // invokeAll has cancelled the task
        }
    }

    // ---- invokeAny

    @Test
    void invokeAnyReturnsWithTheFirstSuccessAndWaitsForNoLoser() throws Exception {
        Gate stubborn = new Gate();
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("page")) {
            AtomicReference<Task<?>> loser = new AtomicReference<>();
            String first =
                    scope.asExecutorService()
                            .invokeAny(
                                    List.of(
                                            throwing(broken),
                                            () -> {
                                                loser.set(Task.current());
                                                stubborn.passUninterruptibly();
                                                return "stubborn";
                                            },
                                            () -> {
                                                stubborn.awaitReached();
                                                return "first";
                                            }));
            assertEquals("first", first);
            assertTrue(loser.get().isCancelling());
            stubborn.open();
        }
        // The first task has failed unread, or was cancelled before.
        assertTrue(leaks.takeReports().size() <= 1);
    }

    @Test
    @Rule(17)
    void invokeAnyOfFailuresThrowsTheFirstWithTheOthersAttached() {
        IOException one = new IOException("one");
        IOException two = new IOException("two");
        try (TaskScope scope = leaks.open("page")) {
            ExecutionException failed =
                    assertThrows(
                            ExecutionException.class,
                            () ->
                                    scope.asExecutorService()
                                            .invokeAny(List.of(throwing(one), throwing(two))));
            assertSame(one, failed.getCause());
            assertEquals(List.of(two), Arrays.asList(one.getSuppressed()));
        } // no report: the caller got all failures
    }

    @Test
    void invokeAnyOfCancelledTasksFailsAsTheJdkDoes() {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            scope.cancel("user left");
            ExecutionException failed =
                    assertThrows(
                            ExecutionException.class,
                            () -> view.invokeAny(List.of(() -> "a", () -> "b")));
            assertTrue(failed.getCause() instanceof CancellationException);
        }
    }

    // ---- both

    @Test
    @Rule({3, 19})
    void badInputIsNamedAndStartsNothing() {
        try (TaskScope scope = leaks.open("page")) {
            ExecutorService view = scope.asExecutorService();
            List<Callable<String>> hole = Arrays.asList(() -> "a", null);
            String nothing = " must not be null: no task was started in scope \"page\"";
            says("tasks" + nothing, () -> view.invokeAll(null));
            says("tasks" + nothing, () -> view.invokeAll(null, 1, TimeUnit.DAYS));
            says("tasks[1]" + nothing, () -> view.invokeAll(hole));
            says("unit" + nothing, () -> view.invokeAll(List.of(() -> "a"), 1, null));
            says("tasks" + nothing, () -> view.invokeAny(null));
            says("tasks[1]" + nothing, () -> view.invokeAny(hole));
            says("unit" + nothing, () -> view.invokeAny(List.of(() -> "a"), 1, null));
            assertEquals(
                    "tasks must not be empty: no task was started in scope \"page\";"
                            + " there would be no first one",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> view.invokeAny(List.<Callable<String>>of()))
                            .getMessage());
            assertEquals(Set.of(), scope.tasks());
            assertFalse(view.isShutdown());
        }
    }

    private static void says(String message, Executable call) {
        assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
    }

    private static <T> Callable<T> throwing(Exception exception) {
        return () -> {
            throw exception;
        };
    }
}
