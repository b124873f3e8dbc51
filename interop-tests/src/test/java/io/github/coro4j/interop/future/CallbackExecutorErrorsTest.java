package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.CallbackErrorsTest.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R13: the scope reports an executor that refuses a callback or throws, and each callback still runs once. */
class CallbackExecutorErrorsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(13)
    void refusingExecutor_isReportedAndTheCallbackStillRunsOnce() throws Exception {
        RejectedExecutionException full = new RejectedExecutionException("full");
        assertRefusalIsReported(
                full,
                callback -> {
                    throw full;
                });
    }

    @Test
    @Rule(13)
    void anExecutorThatThrowsAnErrorIsReportedAndTheCallbackRunsOnce() throws Exception {
        Error noThread = new OutOfMemoryError("unable to create native thread");
        assertRefusalIsReported(
                noThread,
                callback -> {
                    throw noThread;
                });
    }

    private void assertRefusalIsReported(Throwable thrown, Executor refusing) throws Exception {
        Trail trail = new Trail();
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        try (TaskScope scope = leaks.open("errors")) {
            Task<String> task = scope.start("fetch", () -> "value");
            task.addDoneCallback(
                    each -> {
                        threads.add(Thread.currentThread());
                        trail.add("refused: " + each.result());
                    },
                    refusing);
            task.addDoneCallback(each -> trail.add("other"));
            trail.await("refused: value");
            trail.await("other");
            assertEquals("value", task.join());

            FailureReport report = only(leaks.awaitReports(1));
            assertEquals(FailureReport.Kind.CALLBACK_REJECTED, report.kind());
            assertEquals("fetch", report.name());
            assertSame(thrown, report.exception());
            assertNotSame(Thread.currentThread(), threads.take());
        }
        assertEquals(2, trail.steps().size(), trail.steps().toString());
    }

    @Test
    @Rule({10, 13})
    void anExecutorThatRunsTheCallbackAndThenThrowsDoesNotRunItTwice() throws Exception {
        IllegalStateException late = new IllegalStateException("too late to refuse");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("errors")) {
            Task<String> task = scope.start("fetch", () -> "value");
            Executor confused =
                    callback -> {
                        callback.run();
                        throw late;
                    };
            task.addDoneCallback(each -> trail.add("first"), confused);
            trail.await("first");
            assertSame(late, only(leaks.awaitReports(1)).exception());
            task.addDoneCallback(each -> trail.add("second"), confused);
            trail.await("second");
            assertSame(late, only(leaks.awaitReports(1)).exception());
        }
        trail.assertSteps("first", "second");
    }

    @Test
    @Rule(10)
    void anExecutorThatRunsTheCallbackTwiceRunsItOnce() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("errors")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Executor eager =
                    callback -> {
                        callback.run();
                        callback.run();
                    };
            promise.addDoneCallback(each -> trail.add("first"), eager);
            promise.addDoneCallback(each -> trail.add("second"), eager);
            promise.complete("value");
            trail.await("second");
            promise.addDoneCallback(each -> trail.add("third"), eager);
            trail.await("third");
        }
        trail.assertSteps("first", "second", "third");
    }

    // The engine reports before the callback has ended, so a close in the listener would wait for
    // itself.
    @Test
    @Rule(13)
    void failureListener_cannotCloseTheScopeOfTheReportedCallback() throws Exception {
        AtomicReference<TaskScope> scope = new AtomicReference<>();
        Trail trail = new Trail();
        scope.set(
                leaks.opened(
                        TaskScope.builder()
                                .name("closing listener")
                                .callbackExecutor(
                                        callback -> {
                                            throw new RejectedExecutionException("full");
                                        })
                                .failureListener(
                                        report -> {
                                            trail.add(report.kind());
                                            scope.get().close();
                                        })
                                .open()));
        scope.get().start(() -> "done").addDoneCallback(done -> trail.add("ran"));
        trail.await("ran");
        scope.get().close();
        trail.assertSteps(FailureReport.Kind.CALLBACK_REJECTED, "ran");
        List<String> logged = leaks.takeLogged().stream().map(line -> line.getMessage()).toList();
        assertEquals(2, logged.size(), logged::toString);
    }

    // The engine clears the interrupt flag of its thread, even if a user's executor has set it.
    @Test
    @Rule(5)
    void anInterruptThatAnExecutorLeavesBehindDoesNotReachTheNextCallback() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("flags")) {
            for (int i = 0; i < 200; i++) {
                Task<String> task = scope.start(() -> "done");
                task.addDoneCallback(
                        done -> {},
                        callback -> {
                            callback.run();
                            Thread.currentThread().interrupt();
                        });
                task.addDoneCallback(
                        done -> {
                            if (Thread.currentThread().isInterrupted()) {
                                trail.add("interrupted");
                            }
                        });
            }
            scope.join();
        }
        trail.assertSteps();
    }

    @Test
    @Rule(13)
    void aScopeWhoseCallbackExecutorWasShutDownStillRunsItsCallbacks() throws Exception {
        ExecutorService gone = Executors.newSingleThreadExecutor();
        gone.shutdown();
        Trail trail = new Trail();
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("errors")
                                .callbackExecutor(gone)
                                .failureListener(leaks.listener())
                                .open())) {
            Task<String> task = scope.start("fetch", () -> "value");
            task.addDoneCallback(each -> trail.add("ran"));
            trail.await("ran");
            FailureReport report = only(leaks.awaitReports(1));
            assertEquals(FailureReport.Kind.CALLBACK_REJECTED, report.kind());
            assertEquals("fetch", report.name());
        }
        trail.assertSteps("ran");
    }

    @Test
    @Rule(13)
    void throwingCallbackOnARefusingExecutor_bothFailuresAreReported() throws Exception {
        IllegalStateException mistake = new IllegalStateException("a mistake");
        try (TaskScope scope = leaks.open("errors")) {
            scope.start("fetch", () -> "value")
                    .addDoneCallback(
                            each -> {
                                throw mistake;
                            },
                            callback -> {
                                throw new RejectedExecutionException("full");
                            });
            List<FailureReport.Kind> kinds =
                    leaks.awaitReports(2).stream().map(FailureReport::kind).sorted().toList();
            assertEquals(
                    List.of(
                            FailureReport.Kind.CALLBACK_FAILED,
                            FailureReport.Kind.CALLBACK_REJECTED),
                    kinds);
        }
    }
}
