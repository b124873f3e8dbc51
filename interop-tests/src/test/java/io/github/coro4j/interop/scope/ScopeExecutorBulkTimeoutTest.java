package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A timeout of invokeAll or invokeAny of a scope's ExecutorService cancels the tasks that still run. */
class ScopeExecutorBulkTimeoutTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void invokeAllWithATimeoutReturnsFuturesThatAreAllDone() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Gate stubborn = new Gate();
            Gate stoppable = new Gate();
            ExecutorService view = scope.asExecutorService();
            List<Future<String>> all =
                    view.invokeAll(
                            List.of(
                                    () -> "quick",
                                    () -> {
                                        stubborn.passUninterruptibly();
                                        return "stubborn";
                                    },
                                    blocked(stoppable)),
                            50,
                            TimeUnit.MILLISECONDS);
            assertEquals(3, all.size());
            assertTrue(all.stream().allMatch(Future::isDone));
            assertTrue(all.get(1).isCancelled());
            assertTrue(all.get(2).isCancelled());
            String said = assertThrows(CancellationException.class, all.get(1)::get).getMessage();
            assertTrue(said.endsWith("invokeAll timed out after 0.05 s"), said);
            stubborn.open();
        }
    }

    @Test
    void invokeAllWithALongTimeoutBehavesAsWithoutATimeout() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            for (TimeUnit unit : List.of(TimeUnit.DAYS, TimeUnit.NANOSECONDS)) {
                List<Future<String>> all =
                        scope.asExecutorService()
                                .invokeAll(
                                        List.of(() -> "a", () -> "b"),
                                        unit == TimeUnit.DAYS ? 1 : Long.MAX_VALUE,
                                        unit);
                assertEquals("a", all.get(0).get());
                assertEquals("b", all.get(1).get());
                assertTrue(all.get(0) instanceof Task);
            }
        }
    }

    @Test
    void invokeAllWithANegativeTimeoutBeginsNoTask() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Trail trail = new Trail();
            List<Future<Object>> all =
                    scope.asExecutorService()
                            .invokeAll(
                                    List.of(
                                            () -> {
                                                trail.add("ran");
                                                return null;
                                            }),
                                    -1,
                                    TimeUnit.DAYS);
            assertTrue(all.get(0).isCancelled());
            trail.assertSteps();
        }
    }

    @Test
    void invokeAnyWithATimeoutGivesUpAndCancels() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Gate gate = new Gate();
            ExecutorService view = scope.asExecutorService();
            assertEquals(
                    "none of 1 task in scope \"page\" succeeded within 0.02 s",
                    assertThrows(
                                    TimeoutException.class,
                                    () ->
                                            view.invokeAny(
                                                    List.of(blocked(gate)),
                                                    20,
                                                    TimeUnit.MILLISECONDS))
                            .getMessage());
            scope.join(); // invokeAny has cancelled the task
            assertEquals("in time", view.invokeAny(List.of(() -> "in time"), 1, TimeUnit.DAYS));
        }
    }

    static <T> Callable<T> blocked(Gate gate) {
        return () -> {
            gate.pass();
            return null;
        };
    }

    @Test
    void aBulkCallOnTheThreadOfTheCallerChecksItsTimeoutBetweenTheTasks() throws Exception {
        Trail trail = new Trail();
        Callable<String> slow =
                () -> {
                    trail.add("begun");
                    for (long end = System.nanoTime() + 20_000_000; System.nanoTime() < end; ) {
                        Thread.onSpinWait();
                    }
                    return "value";
                };
        Callable<String> failing =
                () -> {
                    slow.call();
                    throw new IOException("broken");
                };
        try (TaskScope scope = leaks.open("direct", Runnable::run)) {
            ExecutorService view = scope.asExecutorService();
            var futures = view.invokeAll(List.of(slow, slow, slow), 10, TimeUnit.MILLISECONDS);
            trail.assertSteps("begun");
            assertEquals("value", futures.get(0).get());
            assertTrue(futures.get(1).isCancelled());
            assertTrue(futures.get(2).isCancelled());
            assertEquals("value", view.invokeAny(List.of(slow, slow, slow)));
            trail.assertSteps("begun", "begun");
            assertThrows(
                    TimeoutException.class,
                    () -> view.invokeAny(List.of(failing, slow), 10, TimeUnit.MILLISECONDS));
            trail.assertSteps("begun", "begun", "begun");
        }
        leaks.takeReports();
    }
}
