package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of a task listener may throw, take its time, wait, and start and cancel tasks. */
@Timeout(60)
class TaskListenerCodeTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    @Rule(13)
    void anExceptionOfAListenerIsReportedAndChangesNothing() {
        TaskListener rude =
                new TaskListener() {
                    @Override
                    public void started(TaskEvent event) {
                        throw new Thrown();
                    }

                    @Override
                    public void ended(TaskEvent event) {
                        throw new Thrown();
                    }

                    @Override
                    public void cancelRequested(TaskEvent event) {
                        throw new Thrown();
                    }
                };
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("shop", rude)) {
            assertEquals("value", scope.start("load", () -> "value").join());
            Task<Void> stopped = scope.launch("stopped", gate::pass);
            gate.awaitReached();
            assertInstanceOf(Outcome.Cancelled.class, stopped.cancelAndJoin("enough"));
            assertEquals("value", scope.start("next", () -> "value").join());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(7, reports.size(), reports::toString);
        for (FailureReport report : reports) {
            assertEquals(FailureReport.Kind.LISTENER_FAILED, report.kind());
            assertEquals(Thrown.class, report.exception().getClass());
        }
        assertEquals("task \"load\": a task listener threw", reports.get(0).message());
    }

    @Test
    void closeReturnsAfterTheListenerHasReceivedTheLastEnd() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        TaskListener slow =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        gate.passUninterruptibly();
                        trail.add("received");
                    }
                };
        TaskScope scope = leaks.open("shop", slow);
        Task<String> task = scope.start("load", () -> "value");
        assertEquals("value", task.join(), "the value is there before the event");
        gate.awaitReached();
        Thread closer =
                new Thread(
                        () -> {
                            scope.close();
                            trail.add("closed");
                        });
        closer.start();
        while (scope.isOpen()) {
            Thread.onSpinWait();
        }
        gate.open();
        trail.await("closed");
        trail.assertSteps("received", "closed");
    }

    @Test
    void aListenerThatWaitsForItsOwnScopeGetsAnException() {
        AtomicReference<TaskScope> shop = new AtomicReference<>();
        TaskListener waits =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        assertNull(Task.current());
                        shop.get().join();
                    }
                };
        try (TaskScope scope = leaks.open("shop", waits)) {
            shop.set(scope);
            scope.launch("load", () -> {});
        }
        FailureReport report = leaks.takeReports().get(0);
        assertTrue(report.exception() instanceof IllegalStateException, report::toString);
        String message = report.exception().getMessage();
        assertTrue(message.contains("a task listener of scope \"shop\" would wait"), message);
    }

    @Test
    void aListenerMayStartAndCancelTasks() {
        List<Runnable> queue = new ArrayList<>();
        AtomicReference<TaskScope> shop = new AtomicReference<>();
        TaskListener busy =
                new TaskListener() {
                    @Override
                    public void cancelRequested(TaskEvent event) {
                        if (event.name().equals("a")) {
                            shop.get().cancel("all of it");
                        }
                    }
                };
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .executor(queue::add)
                                .taskListener(busy)
                                .open())) {
            shop.set(scope);
            Task<Void> a = scope.launch("a", () -> {});
            Task<Void> b = scope.launch("b", () -> {});
            a.cancel("this one");
            assertTrue(a.joinOutcome().toString().contains("this one"));
            assertTrue(b.joinOutcome().toString().contains("all of it"));
        }
    }
}
