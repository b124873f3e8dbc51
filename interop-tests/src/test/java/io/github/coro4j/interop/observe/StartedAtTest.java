package io.github.coro4j.interop.observe;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the debug mode, dumps and messages show where tasks, gathers and derived futures were started. */
@Timeout(60)
class StartedAtTest {
    /** The debug mode of the engine is on if assertions are; see {@code coro4j.debug}. */
    private static final boolean IS_DEBUGGING = TaskScope.class.desiredAssertionStatus();

    private static final String HERE = StartedAtTest.class.getName() + ".";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

    /** Returns the frame of the caller's line that is {@code before} lines above the call. */
    private static String lineAbove(int before) {
        StackTraceElement caller = new Throwable().getStackTrace()[1];
        return HERE
                + caller.getMethodName()
                + "(StartedAtTest.java:"
                + (caller.getLineNumber() - before)
                + ")";
    }

    @Test
    void aDumpShowsWhereEachJobWasStarted() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            Task<Void> task = scope.launch("load", () -> {});
            String load = lineAbove(1);
            Future<Void> view = task.map(each -> each).named("view");
            scope.gather(List.of(1, 2), each -> each).named("prices").all();
            String prices = lineAbove(1);
            scope.asExecutorService().submit(() -> {});
            String submitted = lineAbove(1);
            ConcurrencyLimit.of("db", 1).start(scope, "query", () -> 1);
            String query = lineAbove(1);
            Dump dump = Dump.of(scope);
            String line = "      started at ";
            for (String each : List.of(load, prices, submitted, query)) {
                assertEquals(IS_DEBUGGING, dump.has(line + each + "\n"), dump.text);
            }
            assertEquals(IS_DEBUGGING ? load : null, dump.object("load").get("startedAt"));
            assertEquals(IS_DEBUGGING ? prices : null, dump.object("prices").get("startedAt"));
            Map<String, Object> child = dump.object("prices[0]");
            assertNull(child.get("startedAt"), "the gather above it shows the place");
            view.cancel("enough");
            scope.cancel("enough");
        }
    }

    /** The innermost frames are of the engine and of a list of the JDK. */
    @Test
    void framesOfTheJdkAreLeftOut() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            List.of((Runnable) () -> {}).forEach(scope.asExecutorService()::execute);
            String started = lineAbove(1);
            Dump dump = Dump.of(scope);
            assertEquals(IS_DEBUGGING, dump.has("started at " + started + "\n"), dump.text);
            scope.cancel("enough");
        }
    }

    @Coro4jTest
    void timeoutsShowWhereTheWorkWasStarted(TestScope time) {
        Gate never = Gate.ofPromise();
        try (TaskScope scope = leaks.open("shop")) {
            Task<Void> task = scope.launch("load", never::pass);
            String load = lineAbove(1);
            Future<Void> limited = task.orTimeout(Duration.ofMillis(1));
            time.advanceBy(Duration.ofMillis(1));
            assertEnd("; the task was started at " + load, assertTimedOut(limited));
            Promise<String> promise = Promise.create();
            var all = Gather.of(promise).timeout(Duration.ofMillis(1)).all();
            String gather = lineAbove(1);
            time.advanceBy(Duration.ofMillis(1));
            assertEnd("; the gather was started at " + gather, assertTimedOut(all));
        }
    }

    private static Integer fail(IOException failure) throws IOException {
        throw failure;
    }

    private static void assertEnd(String end, Throwable failure) {
        assertEquals(IS_DEBUGGING, failure.getMessage().endsWith(end), failure.getMessage());
    }

    @Test
    void aReportShowsWhereTheTaskWasStarted() {
        List<FailureReport> reports = new CopyOnWriteArrayList<>();
        IOException broken = new IOException("broken");
        String expected;
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder().name("shop").failureListener(reports::add).open())) {
            scope.start("load", () -> fail(broken));
            expected = lineAbove(1);
            scope.join();
        }
        FailureReport report = reports.get(0);
        FailureReport without =
                new FailureReport(FailureReport.Kind.UNREAD_FAILURE, "task", "load", broken);
        assertEquals(without, report);
        assertEquals(without.hashCode(), report.hashCode());
        assertEquals(IS_DEBUGGING ? expected : null, report.startedAt());
        assertEquals(without.message(), report.message());
    }

    @Test
    void aCircleShowsWhereItsTasksWereStarted() {
        try (TaskScope scope = leaks.open("shop")) {
            Task<?> task = scope.start("self", () -> Task.current().join());
            String self = lineAbove(1);
            Throwable circle = task.joinOutcome().exceptionOrNull();
            assertInstanceOf(DeadlockException.class, circle);
            String sites = " task \"self\" was started at " + self + ". " + seeError("deadlock");
            assertEnd(sites, circle);
        }
    }

    @Test
    void theDefaultListenerLogsThePlace() {
        String expected;
        try (TaskScope scope = leaks.opened(TaskScope.open("shop"))) {
            scope.start("load", () -> fail(new IOException("broken")));
            expected = lineAbove(1);
            scope.join();
        }
        String logged = leaks.takeLogged().get(0).getMessage();
        String message = "task \"load\" failed, and no code has read the failure";
        String place = IS_DEBUGGING ? "; the task was started at " + expected : "";
        assertEquals(message + place, logged);
    }
}
