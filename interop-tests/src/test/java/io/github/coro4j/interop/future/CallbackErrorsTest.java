package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** R13: the scope reports a callback that throws, and everything else runs on. */
class CallbackErrorsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static List<Throwable> throwables() {
        return List.of(
                new IllegalStateException("a mistake"),
                new IOException("sneaked through"),
                new AssertionError("an Error"),
                new StackOverflowError("an Error of the machine"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @Rule(13)
    void aCallbackThatThrowsIsReportedAndTheOthersRun(Throwable thrown) {
        Trail trail = new Trail();
        Task<String> task;
        try (TaskScope scope = leaks.open("errors")) {
            task = scope.start("fetch", () -> "value");
            task.addDoneCallback(each -> trail.add("first"));
            task.addDoneCallback(
                    each -> {
                        throw FutureKind.<RuntimeException>rethrow(thrown);
                    });
            task.addDoneCallback(each -> trail.add("third"));
            trail.await("third");
            assertEquals("value", task.join());
        }

        FailureReport report = only(leaks.takeReports());
        assertEquals(FailureReport.Kind.CALLBACK_FAILED, report.kind());
        assertEquals("fetch", report.name());
        assertSame(thrown, report.exception());
        assertTrue(report.message().contains("fetch"), report.message());
        assertEquals("value", task.result());
        trail.assertSteps("first", "third");
    }

    @ParameterizedTest
    @EnumSource
    @Rule(13)
    void throwingCallback_isReportedWithTheNameOfTheFuture(FutureKind kind) throws Exception {
        IllegalStateException thrown = new IllegalStateException("a mistake");
        ControlledFuture subject;
        try (TaskScope scope = leaks.open("errors")) {
            subject = kind.in(scope);
            subject.future()
                    .addDoneCallback(
                            each -> {
                                throw thrown;
                            });
            subject.succeed("value");
            subject.future().join();
        }

        FailureReport report = only(leaks.takeReports());
        assertSame(thrown, report.exception());
        assertFalse(report.name().isBlank());
        assertTrue(
                subject.future().toString().contains(report.name()),
                report.name() + " is not in " + subject.future());
    }

    @Test
    @Rule(13)
    void everyCallbackThatThrowsIsReported() throws Exception {
        List<Throwable> thrown =
                List.of(new IOException("1"), new IOException("2"), new Error("3"));
        try (TaskScope scope = leaks.open("errors")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            for (Throwable each : thrown) {
                promise.addDoneCallback(
                        done -> {
                            throw FutureKind.<RuntimeException>rethrow(each);
                        });
            }
            promise.complete("value");
            assertEquals(
                    thrown, leaks.awaitReports(3).stream().map(FailureReport::exception).toList());
        }
    }

    @Test
    @Rule(13)
    void threadOfAThrowingCallback_survives() throws Exception {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(
                                TaskScope.builder()
                                        .name("errors")
                                        .callbackExecutor(only)
                                        .failureListener(leaks.listener())
                                        .open())) {
            Task<String> task = scope.start("fetch", () -> "value");
            task.addDoneCallback(
                    each -> {
                        throw new AssertionError("an Error");
                    });
            leaks.awaitReports(1);

            BlockingQueue<Thread> later = new LinkedBlockingQueue<>();
            task.addDoneCallback(each -> later.add(Thread.currentThread()));
            scope.start("next", () -> 2).addDoneCallback(each -> later.add(Thread.currentThread()));

            assertSame(only.thread(), later.take());
            assertSame(only.thread(), later.take());
        }
    }

    @Test
    @Rule({13, 16})
    void theDefaultListenerLogsTheNameAndTheException() {
        IllegalStateException mistake = new IllegalStateException("a mistake");
        try (TaskScope scope = leaks.opened(TaskScope.open("errors"))) {
            scope.start("fetch", () -> "value")
                    .addDoneCallback(
                            each -> {
                                throw mistake;
                            });
            scope.join();
        }

        List<LogRecord> lines = leaks.takeLogged();
        assertEquals(1, lines.size());
        assertEquals(Level.SEVERE, lines.get(0).getLevel());
        assertEquals("io.github.coro4j", lines.get(0).getLoggerName());
        assertTrue(lines.get(0).getMessage().contains("fetch"), lines.get(0).getMessage());
        assertSame(mistake, lines.get(0).getThrown());
    }

    @Test
    @Rule(13)
    void throwingListener_isLoggedWithTheFailureThatItGot() {
        IllegalStateException mistake = new IllegalStateException("a mistake");
        Error broken = new Error("a broken listener");
        Trail trail = new Trail();
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("errors")
                                .failureListener(
                                        report -> {
                                            throw broken;
                                        })
                                .open())) {
            Task<String> task = scope.start("fetch", () -> "value");
            task.addDoneCallback(
                    each -> {
                        throw mistake;
                    });
            task.addDoneCallback(each -> trail.add("second"));
            trail.await("second");
            assertEquals("value", task.join());
        }

        List<Throwable> logged = new ArrayList<>();
        for (LogRecord line : leaks.takeLogged()) {
            logged.add(line.getThrown());
            logged.addAll(List.of(line.getThrown().getSuppressed()));
        }
        assertTrue(logged.contains(mistake), "not logged: the callback's failure; but " + logged);
        assertTrue(logged.contains(broken), "not logged: the listener's failure; but " + logged);
    }

    static FailureReport only(List<FailureReport> reports) {
        assertEquals(1, reports.size(), reports.toString());
        return reports.get(0);
    }
}
