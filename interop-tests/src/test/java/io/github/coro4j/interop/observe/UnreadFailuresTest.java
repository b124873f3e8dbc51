package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.WayToWait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An unread failure is reported once, when its scope closes (R16, R17). */
class UnreadFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(16)
    void anUnreadFailureIsReportedOnceWhenItsScopeCloses(FutureKind kind) throws Exception {
        IOException failure = new IOException("broken");
        ControlledFuture subject;
        try (TaskScope scope = leaks.open("unread")) {
            subject = kind.in(scope);
            subject.fail(failure);
            subject.awaitDone();
            assertEquals(List.of(), leaks.takeReports(), "reported although a read may follow");
        } // References to the futures make no difference.

        FailureReport report = only(leaks.takeReports());
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, report.kind());
        assertSame(failure, report.exception());
        assertTrue(
                subject.future().toString().contains(report.name()),
                report.name() + " is not in " + subject.future());
        assertEquals(
                report.type()
                        + " \""
                        + report.name()
                        + "\" failed, and no code has read the failure",
                report.message());
        assertSame(failure, subject.future().exception(), "reading it later still works");
    }

    @Test
    @Rule(16)
    void theReportHasTheNameOfTheTask() throws Exception {
        try (TaskScope scope = leaks.open("unread")) {
            ControlledFuture.awaitDone(failing(scope, "load-user", new IOException("broken")));
        }
        assertEquals("load-user", only(leaks.takeReports()).name());
    }

    static Stream<Named<Consumer<Future<String>>>> readers() {
        return Stream.of(
                reader("get", f -> assertThrows(Exception.class, f::get)),
                reader(
                        "timed get",
                        f -> assertThrows(Exception.class, () -> f.get(1, TimeUnit.DAYS))),
                reader("join", f -> assertThrows(Exception.class, f::join)),
                reader(
                        "timed join",
                        f -> assertThrows(Exception.class, () -> f.join(Duration.ofDays(1)))),
                reader("joinOutcome", Future::joinOutcome),
                reader("cancelAndJoin", f -> f.cancelAndJoin("late")),
                reader("result", f -> assertThrows(Exception.class, f::result)),
                reader("outcome", Future::outcome),
                reader("exception", Future::exception),
                reader(
                        "toCompletableFuture",
                        f -> f.toCompletableFuture().handle((value, e) -> e).join()),
                reader("map, read", f -> f.map(String::length).joinOutcome()),
                reader("flatMap, read", f -> f.flatMap(Future::completed).joinOutcome()),
                reader("recover", f -> f.recover(Throwable::getMessage).join()),
                reader("orTimeout, read", f -> f.orTimeout(Duration.ofDays(1)).joinOutcome()),
                reader(
                        "completeOnTimeout, read",
                        f -> f.completeOnTimeout("", Duration.ofDays(1)).joinOutcome()),
                reader("shield, read", f -> f.shield().joinOutcome()),
                reader("all, read", f -> Gather.of(f).all().joinOutcome()),
                reader("failFast, read", f -> Gather.of(f).failFast().joinOutcome()),
                reader("settled, read", f -> Gather.of(f).settled().join()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    @Rule(16)
    void aFailureThatWasReadIsNeverReported(Consumer<Future<String>> reader) throws Exception {
        try (TaskScope scope = leaks.open("unread")) {
            Task<String> task = failing(scope, "read", new IOException("broken"));
            ControlledFuture.awaitDone(task);
            reader.accept(task);
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CANCEL_AND_JOIN") // it ends a promise
    @Rule(16)
    void aWaiterThatCameBeforeTheFailureReadsItToo(WayToWait way) throws Exception {
        try (TaskScope scope = leaks.open("unread")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            PlainThread<Object> waiter =
                    PlainThread.start(
                            "waiter",
                            () -> {
                                try {
                                    return way.on(promise);
                                } catch (Exception e) {
                                    return e;
                                }
                            });
            waiter.awaitBlocked();
            promise.fail(new IOException("broken"));
            waiter.result();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    static Stream<Named<Consumer<Future<String>>>> lookers() {
        return Stream.of(
                reader("isDone", Future::isDone),
                reader("isCancelled", Future::isCancelled),
                reader("isCancelling", Future::isCancelling),
                reader("toString", Future::toString),
                reader("equals", f -> f.equals("x")),
                reader("hashCode", Future::hashCode),
                reader("cancel", Future::cancel),
                reader("cancel with a reason", f -> f.cancel("late")),
                reader("cancel(false)", f -> f.cancel(false)),
                reader("a callback", f -> f.addDoneCallback(each -> each.isDone())),
                reader("removeDoneCallback", f -> f.removeDoneCallback(each -> {})));
    }

    @ParameterizedTest
    @MethodSource("lookers")
    @Rule(16)
    void methodsThatOnlyLookReadNoFailure(Consumer<Future<String>> looker) throws Exception {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("unread")) {
            Task<String> task = failing(scope, "looked-at", failure);
            ControlledFuture.awaitDone(task);
            looker.accept(task);
        }
        assertSame(failure, only(leaks.takeReports()).exception());
    }

    @Test
    @Rule(16)
    void aWaitThatTimesOutReadsNoFailure() throws Exception {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("unread")) {
            Gate gate = new Gate();
            Task<String> task =
                    scope.start(
                            "slow",
                            () -> {
                                gate.pass();
                                throw failure;
                            });
            assertThrows(TimeoutException.class, () -> task.join(Duration.ZERO));
            assertThrows(IllegalStateException.class, task::outcome);
            gate.open();
            ControlledFuture.awaitDone(task);
        }
        assertSame(failure, only(leaks.takeReports()).exception());
    }

    @Test
    void successesCancellationsAndPendingFuturesAreNotReported() throws Exception {
        Promise<String> pending;
        try (TaskScope scope = leaks.open("silent")) {
            ControlledFuture.awaitDone(scope.start("success", () -> "value"));
            Gate gate = new Gate();
            Task<Void> cancelled = scope.launch("cancelled", gate::pass);
            gate.awaitReached();
            cancelled.cancel("enough");
            scope.launch("cancelled by close", () -> new Gate().pass());
            pending = FutureKind.promiseIn(scope);
        }
        assertEquals(List.of(), leaks.takeReports());
        pending.complete("value");
    }

    @Test
    @Rule({7, 16})
    void aCleanUpThatFailsAfterACancelIsReported() {
        IOException failure = new IOException("disk full");
        try (TaskScope scope = leaks.open("unread")) {
            Gate work = new Gate();
            scope.launch(
                    "cleaner",
                    () -> {
                        try {
                            work.pass();
                        } finally {
                            throwIt(failure);
                        }
                    });
            work.awaitReached();
        } // closing cancels the task, and no code reads its failure

        FailureReport report = only(leaks.takeReports());
        assertSame(failure, report.exception());
        assertEquals("cleaner", report.name());
    }

    @Test
    @Rule(16)
    void closingAgainReportsNothingAgain() throws Exception {
        TaskScope scope = leaks.open("unread");
        Task<String> task = failing(scope, "broken", new IOException("broken"));
        ControlledFuture.awaitDone(task);
        scope.close();
        only(leaks.takeReports());

        scope.close();
        assertEquals(List.of(), leaks.takeReports());
        assertTrue(task.isDone());
    }

    static Task<String> failing(TaskScope scope, String name, Exception failure) {
        return scope.start(
                name,
                () -> {
                    throw failure;
                });
    }

    private static void throwIt(Exception exception) throws Exception {
        throw exception;
    }

    private static Named<Consumer<Future<String>>> reader(
            String name, Consumer<Future<String>> reader) {
        return Named.of(name, reader);
    }

    static FailureReport only(List<FailureReport> reports) {
        assertEquals(1, reports.size(), reports.toString());
        return reports.get(0);
    }
}
