package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A {@code launch} that fails while nothing waits for it is reported at once (R16). */
@Rule(16)
class LaunchFailureTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final IOException boom = new IOException("boom");
    private final Gate gate = new Gate();

    @Test
    void aFailureThatNothingWaitsFor_isReportedAtOnceAndOnlyOnce() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch("audit", this::fail);
            gate.open();
            FailureReport report = leaks.awaitReports(1).get(0);
            assertEquals(FailureReport.Kind.UNREAD_FAILURE, report.kind());
            assertEquals("task", report.type());
            assertEquals("audit", report.name());
            assertSame(boom, report.exception());
            assertSame(boom, task.exception(), "reading it later still works");
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    void aSuspendFunctionWithoutAResult_isReportedLikewise() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Gate called = new Gate();
            Task<Void> read =
                    Suspend.launch(
                            scope,
                            c -> {
                                called.pass();
                                throw boom;
                            });
            read.addDoneCallback(Future::exception);
            called.open();
            Task<Void> task =
                    Suspend.launch(
                            scope,
                            "save",
                            c -> {
                                throw boom;
                            });
            FailureReport report = leaks.awaitReports(1).get(0);
            assertEquals("save", report.name());
            assertSame(boom, report.exception());
            assertSame(boom, task.joinOutcome().exceptionOrNull());
            assertSame(boom, read.joinOutcome().exceptionOrNull());
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    void theReportComesBeforeAJoinOfTheScopeReturns() {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch(this::fail);
            gate.open();
            scope.join();
            assertEquals(1, leaks.takeReports().size());
            assertTrue(task.isDone());
        }
    }

    @Test
    void theListenerOfTheGlobalScopeLogsIt() throws Exception {
        Task<Void> task = Task.launch("audit", this::fail);
        gate.open();
        TaskScope.global().join();
        assertEquals(1, leaks.takeLogged().size());
        assertSame(boom, task.exception());
    }

    @Test
    void aThreadThatWaitsReadsTheFailure() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch(this::fail);
            PlainThread<Object> waiter =
                    PlainThread.start(
                            "waiter", () -> assertThrows(CompletionException.class, task::join));
            waiter.awaitBlocked();
            gate.open();
            waiter.result();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    static Stream<Named<Function<Task<Void>, Future<?>>>> observers() {
        return Stream.of(
                Named.of("a callback", task -> task.addDoneCallback(f -> {}) == null ? null : task),
                Named.of("map", task -> task.map(value -> value)),
                Named.of("shield", Task::shield),
                Named.of("a gather", task -> Gather.of(task).all()),
                Named.of(
                        "two gathers",
                        task -> {
                            Gather.of(task).settled();
                            return Gather.of(task).settled();
                        }));
    }

    @ParameterizedTest
    @MethodSource("observers")
    void whatDependsOnTheTaskDecides(Function<Task<Void>, Future<?>> observer) {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch(this::fail);
            Future<?> dependent = observer.apply(task);
            gate.open();
            dependent.joinOutcome();
            scope.join();
            assertEquals(List.of(), leaks.takeReports());
            assertSame(boom, task.exception());
        }
    }

    @Test
    void aWaitThatWasAbandonedDoesNotCount() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch(this::fail);
            for (int each = 0; each < 3; each++) {
                assertThrows(TimeoutException.class, () -> task.join(Duration.ofMillis(1)));
            }
            gate.open();
            assertSame(boom, leaks.awaitReports(1).get(0).exception());
            assertTrue(task.isDone());
        }
    }

    @Test
    void aCallbackThatWasRemovedDoesNotCount() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Task<Void> task = scope.launch(this::fail);
            Registration first = task.addDoneCallback(f -> {});
            Registration second = task.addDoneCallback(f -> {}, Runnable::run);
            assertTrue(first.remove() && second.remove());
            gate.open();
            assertSame(boom, leaks.awaitReports(1).get(0).exception());
            assertTrue(task.isDone());
        }
    }

    @Test
    void theFailureOfAStartMayStillBeRead() {
        try (TaskScope scope = leaks.open("page")) {
            Task<Object> task =
                    scope.start(
                            () -> {
                                fail();
                                return null;
                            });
            gate.open();
            scope.join();
            assertEquals(List.of(), leaks.takeReports());
            assertSame(boom, task.exception());
        }
    }

    @Test
    void aLaunchThatTheExecutorRefuses_isReportedOnAThreadOfTheEngine() throws Exception {
        RejectedExecutionException full = new RejectedExecutionException("full");
        Promise<Thread> reporting = Promise.create();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .executor(
                                        body -> {
                                            throw full;
                                        })
                                .failureListener(r -> reporting.complete(Thread.currentThread()))
                                .open());
        Task<Void> task = scope.launch(() -> {});
        assertNotSame(Thread.currentThread(), reporting.join());
        assertSame(full, task.exception());
        scope.close();
    }

    @Test
    void theListenerCannotWaitForTheScope() {
        Promise<TaskScope> self = Promise.create();
        Promise<Object> refusals = Promise.create();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .failureListener(
                                        report -> {
                                            TaskScope own = self.join();
                                            assertThrows(IllegalStateException.class, own::join);
                                            Future<Void> closed = own.closeAsync("broken");
                                            refusals.complete(
                                                    assertThrows(
                                                            DeadlockException.class, closed::join));
                                        })
                                .open());
        self.complete(scope);
        scope.launch(this::fail);
        gate.open();
        assertInstanceOf(DeadlockException.class, refusals.join());
        scope.close();
    }

    // The reader gets the failure, or gives up before. The report comes exactly once if it gives
    // up.
    @Test
    void aReaderMayComeAtTheSameMoment() {
        Race.rounds(
                500,
                (race, random) -> {
                    try (TaskScope scope = leaks.open("race")) {
                        Gate failing = new Gate();
                        Task<Void> task =
                                scope.launch(
                                        () -> {
                                            failing.pass();
                                            throw boom;
                                        });
                        failing.awaitReached();
                        List<Boolean> results =
                                race.run(random, () -> opens(failing), () -> reads(task));
                        scope.join();
                        int reports = leaks.takeReports().size();
                        boolean wasRead = results.get(1);
                        assertTrue(reports == 1 || reports == 0 && wasRead, "reports: " + reports);
                        assertSame(boom, task.exception());
                    }
                    assertEquals(List.of(), leaks.takeReports());
                });
    }

    private static boolean opens(Gate gate) {
        gate.open();
        return true;
    }

    /** Returns whether the join threw the failure. */
    private static boolean reads(Task<Void> task) {
        try {
            task.join(Duration.ofNanos(1_000));
            throw new AssertionError("it has no value");
        } catch (CompletionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void fail() throws Exception {
        gate.pass();
        throw boom;
    }
}
