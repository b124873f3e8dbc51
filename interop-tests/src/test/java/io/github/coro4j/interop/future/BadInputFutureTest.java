package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The error names the bad argument, and the caller's thread throws it before anything happens. */
@Rule(3)
class BadInputFutureTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private record Bad(String parameter, Executable call) {}

    @ParameterizedTest
    @EnumSource
    void nullArgument_isNamedInTheErrorAndChangesNothing(FutureKind kind) {
        try (TaskScope scope = leaks.open("input")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();

            String name = nameIn(future);
            nulls(future).forEach(bad -> assertNamesNull(bad, name));
            assertFalse(future.isDone());
            assertFalse(future.isCancelling());

            subject.succeed("value");
            future.join();
            nulls(future).forEach(bad -> assertNamesNull(bad, name));
            assertEquals(subject.valueFor("value"), future.join());
        }
    }

    private static List<Bad> nulls(Future<Object> future) {
        Duration day = Duration.ofDays(1);
        return List.of(
                new Bad("reason", () -> future.cancel((String) null)),
                new Bad("reason", () -> future.cancelAndJoin(null)),
                new Bad("callback", () -> future.addDoneCallback(null)),
                new Bad("callback", () -> future.addDoneCallback(null, Runnable::run)),
                new Bad("executor", () -> future.addDoneCallback(each -> {}, null)),
                new Bad("callback", () -> future.removeDoneCallback(null)),
                new Bad("action", () -> future.onSuccess(null)),
                new Bad("action", () -> future.onSuccess(null, Runnable::run)),
                new Bad("executor", () -> future.onSuccess(value -> {}, null)),
                new Bad("action", () -> future.onFailure(null)),
                new Bad("action", () -> future.onFailure(null, Runnable::run)),
                new Bad("executor", () -> future.onFailure(failure -> {}, null)),
                new Bad("function", () -> future.map(null)),
                new Bad("function", () -> future.flatMap(null)),
                new Bad("function", () -> future.recover(null)),
                new Bad("timeout", () -> future.orTimeout(null)),
                new Bad("timeout", () -> future.completeOnTimeout("x", null)),
                new Bad("name", () -> future.named(null)),
                new Bad("timeout", () -> future.join(null)),
                new Bad("unit", () -> future.get(1, null)));
    }

    @Test
    void nullForAFactory_isNamedInTheError() {
        Promise<String> promise = Promise.create();
        List<Bad> calls =
                List.of(
                        new Bad("exception", () -> Future.failed(null)),
                        new Bad("reason", () -> Future.cancelled(null)),
                        new Bad("stage", () -> Future.from(null)),
                        new Bad("future", () -> Future.fromBlocking(null)),
                        new Bad("exception", () -> promise.fail(null)),
                        new Bad("body", () -> Task.start(null)),
                        new Bad("body", () -> Task.start("name", null)),
                        new Bad("name", () -> Task.start(null, () -> "x")),
                        new Bad("body", () -> Task.launch(null)),
                        new Bad("body", () -> Task.launch("name", null)),
                        new Bad("name", () -> Task.launch(null, () -> {})),
                        new Bad("duration", () -> Task.sleep(null)),
                        new Bad("exception", () -> new Outcome.Failure<>(null)),
                        new Bad("cancellation", () -> new Outcome.Cancelled<>(null)),
                        new Bad("kind", () -> new FailureReport(null, "task", "x", new Error())),
                        new Bad(
                                "name",
                                () ->
                                        new FailureReport(
                                                FailureReport.Kind.UNREAD_FAILURE,
                                                "task",
                                                null,
                                                new Error())),
                        new Bad(
                                "type",
                                () ->
                                        new FailureReport(
                                                FailureReport.Kind.UNREAD_FAILURE,
                                                null,
                                                "x",
                                                new Error())),
                        new Bad(
                                "exception",
                                () ->
                                        new FailureReport(
                                                FailureReport.Kind.UNREAD_FAILURE,
                                                "task",
                                                "x",
                                                null)));
        calls.forEach(bad -> assertNamesNull(bad, bad.parameter()));
        assertFalse(promise.isDone());
        assertTrue(promise.complete(null), "a null value is a value");
    }

    @ParameterizedTest
    @EnumSource
    void badTimeout_isNamedInTheError(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("input")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();
            Duration negative = Duration.ofMillis(-5);

            for (int round = 0; round < 2; round++) { // pending, then done
                assertNamesTime("timeout", "PT-0.005S", () -> future.join(negative));
                assertNamesTime("timeout", "PT-0.005S", () -> future.orTimeout(negative));
                assertNamesTime("timeout", "PT0S", () -> future.orTimeout(Duration.ZERO));
                assertNamesTime(
                        "timeout", "PT-0.005S", () -> future.completeOnTimeout("x", negative));
                assertNamesTime(
                        "timeout", "PT0S", () -> future.completeOnTimeout("x", Duration.ZERO));
                assertEquals(round == 1, future.isDone(), "a refused timeout changed the future");
                assertFalse(future.isCancelling());
                subject.succeed("value");
                future.join();
            }
            // The JDK's method accepts any number. WaitingTest checks a pending future.
            assertEquals(subject.valueFor("value"), future.get(-1, TimeUnit.SECONDS));
        }
    }

    @Test
    void negativeSleep_isNamedInTheError() {
        assertNamesTime("duration", "PT-1S", () -> Task.sleep(Duration.ofSeconds(-1)));
        assertNamesTime("duration", "PT-", () -> Task.sleep(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @Test
    void aBlankNameIsRefused() {
        List<String> started = new ArrayList<>();
        for (String blank : List.of("", "  ", "\t")) {
            for (Executable call :
                    List.<Executable>of(
                            () -> Task.start(blank, () -> started.add("start")),
                            () -> Task.launch(blank, () -> started.add("launch")),
                            () -> Future.completed("value").named(blank))) {
                String message = assertThrows(IllegalArgumentException.class, call).getMessage();
                assertTrue(message.contains("name"), message);
                assertTrue(message.contains("blank"), message);
            }
        }
        TaskScope.global().join();
        assertEquals(List.of(), started);
    }

    /** Returns the name with its quotes, as in {@code Task "load" (pending)}. */
    private static String nameIn(Future<?> future) {
        String[] parts = future.toString().split("\"");
        return '"' + parts[1] + '"';
    }

    private static void assertNamesNull(Bad bad, String name) {
        String message =
                assertThrows(NullPointerException.class, bad.call(), bad.parameter()).getMessage();
        assertTrue(message.startsWith(bad.parameter() + " must not be null"), message);
        assertTrue(message.contains(name), name + " is not in: " + message);
    }

    private static void assertNamesTime(String parameter, String given, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(parameter), message);
        assertTrue(message.contains(given), message);
    }
}
