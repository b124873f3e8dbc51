package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Some calls read a failure, and a failure that stays unread is reported to the listener of its scope (R16). */
class ReadingFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** What a test does with a future that has failed. */
    private interface Use {
        Object of(Future<String> failed) throws Exception;
    }

    private static Named<Use> use(String name, Use use) {
        return Named.of(name, use);
    }

    static Stream<Named<Use>> readers() {
        return Stream.of(
                use("join", Future::join),
                use("timed join", f -> f.join(Duration.ofDays(1))),
                use("get", Future::get),
                use("timed get", f -> f.get(1, TimeUnit.DAYS)),
                use("result", Future::result),
                use("outcome", Future::outcome),
                use("exception", Future::exception),
                use("joinOutcome", Future::joinOutcome),
                use("cancelAndJoin", f -> f.cancelAndJoin("too late")),
                use("toCompletableFuture", Future::toCompletableFuture),
                use("recover", f -> f.recover(exception -> "recovered").join()),
                use("map and join", f -> f.map(String::length).joinOutcome()),
                use("gather", f -> Gather.of(f).all().joinOutcome()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    @Rule(16)
    void aFailureThatWasReadIsNotReported(Use reader) {
        try (TaskScope scope = leaks.open("read")) {
            Future<String> failed = failedTask("failing", scope);
            try {
                reader.of(failed);
            } catch (Exception expected) {
                assertTrue(expected.getCause() instanceof IOException, expected::toString);
            }
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    static Stream<Named<Use>> onlookers() {
        return Stream.of(
                use("isDone", Future::isDone),
                use("isCancelled", Future::isCancelled),
                use("isCancelling", Future::isCancelling),
                use("toString", Future::toString),
                use("hashCode", Future::hashCode),
                use("a callback that does not look", f -> f.addDoneCallback(done -> {})),
                use("removeDoneCallback", f -> f.removeDoneCallback(done -> {})),
                // After a cancel, asyncio reports nothing.
                use("cancel", f -> f.cancel("too late")),
                use("cancel without interrupt", f -> f.cancel(false)),
                use("plan without a policy", f -> Gather.of(f)));
    }

    @ParameterizedTest
    @MethodSource("onlookers")
    @Rule(16)
    void methodsThatOnlyLookReadNoFailure(Use onlooker) throws Exception {
        try (TaskScope scope = leaks.open("unread")) {
            onlooker.of(failedTask("failing", scope));
        }
        assertReported("failing");
    }

    // The derived future has the unread failure, which is reported there once.
    @Test
    @Rule(17)
    void anUnreadFailurePassesToTheDerivedFuture() {
        try (TaskScope scope = leaks.open("unread")) {
            failedTask("failing", scope).map(String::length);
        }
        assertEquals(1, leaks.takeReports().size());
    }

    @Test
    @Rule(16)
    void successesAndCancellationsAreNotReported() {
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("silent")) {
            scope.start(() -> "value").map(String::length);
            scope.launch(never::pass).addDoneCallback(f -> {});
            scope.launch(
                            () -> {
                                Promise.create();
                                Promise.create().complete("value");
                                Promise.create().cancel("not wanted");
                                Task.sleep(Duration.ofDays(1));
                            })
                    .join();
            never.awaitReached();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // Asyncio is silent while a reference to the future exists.
    @Test
    @Rule(16)
    void anUnreadFailureIsReportedEvenIfItsFutureIsHeld() {
        Future<String> held;
        try (TaskScope scope = leaks.open("unread")) {
            held = failedTask("failing", scope);
        }
        assertReported("failing");
        assertTrue(held.exception() instanceof IOException, "a thread can still read it");
    }

    @Test
    @Rule(16)
    void anUnreachableFailureIsReportedOnceWhileTheScopeIsOpen() {
        try (TaskScope scope = leaks.open("open")) {
            failedTask("failing", scope);
            assertReportedAfterCollection("failing");
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // A promise belongs to the scope of the task that made it.
    @Test
    @Rule(16)
    void anUnreachablePromiseIsReportedToTheScopeOfItsMaker() {
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(
                    "maker",
                    () -> {
                        Promise<String> promise = Promise.create();
                        promise.fail(new IOException("boom"));
                    });
            scope.join();
            List<FailureReport> reports = collected();
            assertEquals(1, reports.size(), reports::toString);
            assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
            assertTrue(reports.get(0).exception() instanceof IOException);
        }
    }

    // Code that holds the future could still read the failure.
    @Test
    @Rule(16)
    void aReachableFailureIsNotReportedWhileItsScopeIsOpen() {
        try (TaskScope scope = leaks.open("open")) {
            Future<String> held = failedTask("held", scope);
            failedTask("dropped", scope);
            assertReportedAfterCollection("dropped");
            assertTrue(held.exception() instanceof IOException);
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // The outer task reads the failure of the inner task, and then has an unread failure itself.
    @Test
    @Rule(16)
    void aTaskThatPassesAFailureOnIsReportedUnderItsOwnName() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("chain")) {
            Task<String> inner =
                    scope.start(
                            "inner",
                            () -> {
                                throw boom;
                            });
            scope.start("outer", () -> inner.join());
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals("outer", reports.get(0).name());
    }

    @Test
    @Rule(16)
    void aWaitThatTimedOutHasReadNothing() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("unread")) {
            Task<String> failing =
                    scope.start(
                            "failing",
                            () -> {
                                gate.pass();
                                throw new IOException("boom");
                            });
            assertThrows(TimeoutException.class, () -> failing.join(Duration.ZERO));
            gate.open();
            scope.join();
        }
        assertReported("failing");
    }

    private static Future<String> failedTask(String name, TaskScope scope) {
        Task<String> task =
                scope.start(
                        name,
                        () -> {
                            throw new IOException("boom");
                        });
        scope.join();
        assertTrue(task.isDone());
        assertFalse(task.isCancelled());
        return task;
    }

    private void assertReported(String name) {
        assertOne(name, leaks.takeReports());
    }

    private void assertReportedAfterCollection(String name) {
        assertOne(name, collected());
    }

    private List<FailureReport> collected() {
        List<FailureReport> reports = leaks.takeReports();
        while (reports.isEmpty()) {
            System.gc();
            reports = leaks.takeReports();
        }
        return reports;
    }

    private static void assertOne(String name, List<FailureReport> reports) {
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
        assertEquals(name, reports.get(0).name());
        assertTrue(reports.get(0).exception() instanceof IOException);
    }
}
