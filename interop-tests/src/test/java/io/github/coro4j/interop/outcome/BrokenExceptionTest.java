package io.github.coro4j.interop.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Even if the methods of an exception are broken, the future ends with that exception, and its scope can be closed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenExceptionTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Arguments> everyPlace() {
        List<Arguments> all = new ArrayList<>();
        for (BrokenException broken : BrokenException.values()) {
            for (WayToFail place : WayToFail.values()) {
                all.add(Arguments.of(broken, place));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyPlace")
    @Rule({1, 15})
    void brokenException_endsTheFuture(BrokenException broken, WayToFail place) {
        Throwable exception = broken.make();
        TaskScope scope = leaks.open("broken");

        Future<?> future = place.fail(scope, exception);
        Outcome<?> outcome = future.joinOutcome();

        // Stages and futures of the JDK report a cancellation by such an exception.
        if (!(outcome instanceof Outcome.Cancelled && broken.isCancellation())) {
            assertSame(exception, outcome.exceptionOrNull());
            assertSame(exception, future.exception());
            assertSame(exception, assertThrows(CompletionException.class, future::join).getCause());
            assertSame(exception, assertThrows(ExecutionException.class, future::get).getCause());
        }
        assertNotNull(future.toString());
        assertNotNull(outcome.toString());
        assertNotNull(scope.dump());
        scope.close();
        leaks.takeReports(); // members of groups may have failed beside the first failure
    }

    @ParameterizedTest
    @EnumSource
    @Rule(7)
    void brokenExceptionAfterACancel_endsTheBody(BrokenException broken) {
        Throwable exception = broken.make();
        try (TaskScope scope = leaks.open("broken")) {
            Gate work = new Gate();
            Task<Object> task = scope.start("blocked", () -> blockThenThrow(work, exception));
            work.awaitReached();

            assertEnded(task.cancelAndJoin("customer left"), broken, exception);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(7)
    void brokenExceptionAfterACancel_endsTheSuspendBody(BrokenException broken) {
        Throwable exception = broken.make();
        try (TaskScope scope = leaks.open("broken")) {
            Gate work = new Gate();
            Task<Object> task =
                    Suspend.call(
                            scope,
                            continuation -> {
                                work.passUninterruptibly();
                                throw BrokenException.<RuntimeException>rethrow(exception);
                            });
            work.awaitReached();
            task.cancel("customer left");
            work.open();

            assertEnded(task.joinOutcome(), broken, exception);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void failFast_endsIfAStoppedSiblingThrowsABrokenException(BrokenException broken) {
        try (TaskScope scope = leaks.open("broken")) {
            Gate work = new Gate();
            IllegalStateException first = new IllegalStateException("first");
            Outcome<?> outcome =
                    scope.gather(
                                    List.of(1, 2),
                                    item -> {
                                        if (item == 2) {
                                            work.awaitReached();
                                            throw first;
                                        }
                                        return blockThenThrow(work, broken.make());
                                    })
                            .failFast()
                            .joinOutcome();

            assertSame(first, outcome.exceptionOrNull());
        }
        leaks.takeReports(); // if its causes cannot be read, it is reported and not attached
    }

    @ParameterizedTest
    @EnumSource
    @Rule(17)
    void siblingsOfABrokenException_areAttachedOrReported(BrokenException broken) {
        Throwable exception = broken.make();
        IllegalStateException sibling = new IllegalStateException("sibling");
        Outcome<?> outcome;
        try (TaskScope scope = leaks.open("broken")) {
            outcome =
                    scope.gather(
                                    List.of(1, 2),
                                    item -> {
                                        if (item == 1) {
                                            throw BrokenException.<RuntimeException>rethrow(
                                                    exception);
                                        }
                                        throw sibling;
                                    })
                            .firstSuccess()
                            .joinOutcome();
        }
        Throwable surfaced = outcome.exceptionOrNull();
        Throwable other = surfaced == exception ? sibling : exception;
        assertTrue(surfaced == exception || surfaced == sibling);
        boolean isAttached =
                List.of(surfaced.getSuppressed()).stream().anyMatch(each -> each == other);
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(isAttached ? 0 : 1, reports.size());
        if (!isAttached) {
            assertSame(other, reports.get(0).exception());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(1)
    void timeout_endsIfTheStoppedBodyThrowsABrokenException(BrokenException broken) {
        Throwable exception = broken.make();
        try (TaskScope scope = leaks.open("broken")) {
            Gate work = new Gate();
            Future<Object> limited =
                    scope.start(() -> blockThenThrow(work, exception))
                            .orTimeout(Duration.ofMillis(1));

            assertInstanceOf(TimeoutException.class, limited.joinOutcome().exceptionOrNull());
        }
        leaks.takeReports(); // if its causes cannot be read, it is reported and not attached
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void close_endsIfAStoppedBodyThrowsABrokenException(BrokenException broken) {
        TaskScope scope = leaks.open("broken");
        Gate work = new Gate();
        Task<Object> task = scope.start(() -> blockThenThrow(work, broken.make()));
        work.awaitReached();

        scope.close();

        assertTrue(task.isDone());
        leaks.takeReports();
    }

    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void run_closesItsScopeIfItsBodyThrowsABrokenException(BrokenException broken) {
        Throwable exception = broken.make();
        TaskScope[] opened = new TaskScope[1];
        Throwable thrown =
                assertThrows(
                        Throwable.class,
                        () ->
                                TaskScope.run(
                                        "broken",
                                        scope -> {
                                            opened[0] = scope;
                                            throw BrokenException.<RuntimeException>rethrow(
                                                    exception);
                                        }));
        assertTrue(!opened[0].isOpen());
        assertSame(
                exception,
                thrown instanceof CompletionException e && e != exception ? e.getCause() : thrown);
    }

    @ParameterizedTest
    @EnumSource
    @Rule(13)
    void callbackThatThrowsABrokenException_isReportedAndTheOthersRun(BrokenException broken) {
        Throwable exception = broken.make();
        Gate ran = new Gate();
        try (TaskScope scope = leaks.open("broken")) {
            Task<Integer> task = scope.start(() -> 1);
            task.addDoneCallback(
                    done -> {
                        throw BrokenException.<RuntimeException>rethrow(exception);
                    });
            task.addDoneCallback(done -> ran.passUninterruptibly());
            ran.awaitReached();
            ran.open();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(exception, reports.get(0).exception());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(16)
    void defaultListener_logsABrokenException(BrokenException broken) {
        try (TaskScope scope = leaks.opened(TaskScope.open("broken"))) {
            scope.start("careless", () -> blockThenThrow(null, broken.make()));
            scope.join();
        }
        List<String> logged = new ArrayList<>();
        leaks.takeLogged()
                .forEach(
                        line -> {
                            // A log handler reads the exception like this.
                            line.getThrown()
                                    .printStackTrace(
                                            new java.io.PrintWriter(new java.io.StringWriter()));
                            // The debug mode adds where the task was started.
                            logged.add(line.getMessage().split(";")[0]);
                        });
        assertEquals(List.of("task \"careless\" failed, and no code has read the failure"), logged);
    }

    private static Object blockThenThrow(Gate work, Throwable exception) {
        try {
            if (work != null) {
                work.pass();
            }
        } catch (InterruptedException e) {
            // The body throws the given exception instead.
        }
        throw BrokenException.<RuntimeException>rethrow(exception);
    }

    private static void assertEnded(
            Outcome<?> outcome, BrokenException broken, Throwable exception) {
        if (broken.isCancellation()) {
            assertInstanceOf(Outcome.Cancelled.class, outcome);
        } else {
            assertSame(exception, assertInstanceOf(Outcome.Failure.class, outcome).exception());
        }
    }
}
