package io.github.coro4j.interop.future;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.FailureReport.Kind;
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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the messages for bad input word for word, and that nothing was started or lost. Each test checks R16: by the
 * reports that it takes, and by {@link NothingLeaks} if there must be none. UnrulyCodeTest has code that misbehaves, and
 * EngineLookupTest a missing engine and two engines.
 */
@Rule(16)
class BadInputTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule({3, 23})
    void badTimesAndReasonsForACloseOrAJoin_leaveTheScopeOpen() {
        Duration negative = Duration.ofMillis(-5);
        try (TaskScope page = leaks.open("page")) {
            saysNull(
                    "timeout must not be null: scope \"page\" was not closed;"
                            + " zero does not wait, and close() waits without a limit",
                    () -> page.close(null));
            says(
                    IllegalArgumentException.class,
                    "timeout must not be negative, but is PT-0.005S: scope \"page\" was not closed;"
                            + " zero does not wait, and close() waits without a limit",
                    () -> page.close(negative));
            saysNull(
                    "timeout must not be null: scope \"page\" was not waited for;"
                            + " zero looks once, and join() waits without a limit",
                    () -> page.join(null));
            says(
                    IllegalArgumentException.class,
                    "timeout must not be negative, but is PT-0.005S: scope \"page\" was not waited for;"
                            + " zero looks once, and join() waits without a limit",
                    () -> page.join(negative));
            saysNull(
                    "reason must not be null: scope \"page\" was not closed;"
                            + " say why, every task will show it",
                    () -> page.closeAsync(null));
            assertEquals("open", page.start(() -> "open").join());
        }
    }

    @Test
    @Rule(3)
    void nullForAScope_errorNamesTheTaskAndTheScope() {
        try (TaskScope page = leaks.open("page")) {
            saysNull(
                    "body must not be null: no task was started in scope \"page\"",
                    () -> page.start(null));
            saysNull(
                    "body must not be null: task \"user\" was not started in scope \"page\"",
                    () -> page.start("user", null));
            saysNull(
                    "body must not be null: task \"user\" was not started in scope \"page\"",
                    () -> page.launch("user", null));
            saysNull(
                    "name must not be null: no task was started in scope \"page\";"
                            + " leave the name out, and the task gets one",
                    () -> page.start(null, () -> "x"));
            saysNull(
                    "body must not be null: task \"user\" was not started in scope \"global\"",
                    () -> Task.start("user", null));
            saysNull(
                    "items[1] must not be null: nothing was started in scope \"page\"; leave it out",
                    () -> page.gather(Arrays.asList("a", null), item -> item));
            saysNull(
                    "body must not be null: nothing was started in scope \"page\"",
                    () -> page.gather(List.of("a"), null));
            saysNull(
                    "task must not be null: no task was started in scope \"page\"",
                    () -> page.asExecutorService().submit((Runnable) null));
            saysNull(
                    "tasks[1] must not be null: no task was started in scope \"page\"",
                    () -> page.asExecutorService().invokeAll(Arrays.asList(() -> "a", null)));
            saysNull(
                    "reason must not be null: scope \"page\" was not cancelled;"
                            + " say why, every task will show it",
                    () -> page.cancel(null));
            assertEquals(Set.of(), page.tasks());
        }
    }

    @Test
    @Rule(3)
    void nullForAFuture_errorNamesTheFuture() {
        try (TaskScope page = leaks.open("page")) {
            Gate gate = new Gate();
            Task<String> user =
                    page.start(
                            "user",
                            () -> {
                                gate.pass();
                                return "Ann";
                            });
            saysNull(
                    "callback must not be null: no callback was added to task \"user\"",
                    () -> user.addDoneCallback(null));
            saysNull(
                    "executor must not be null: no callback was added to task \"user\";"
                            + " leave it out for the callback executor of the scope",
                    () -> user.addDoneCallback(done -> {}, null));
            saysNull(
                    "function must not be null: nothing was derived from task \"user\"",
                    () -> user.map(null));
            saysNull(
                    "timeout must not be null: nothing was derived from task \"user\"; give at least 1 ms",
                    () -> user.orTimeout(null));
            saysNull(
                    "reason must not be null: task \"user\" was not cancelled; use cancel() if there is none",
                    () -> user.cancelAndJoin(null));
            saysNull(
                    "children[1] must not be null: leave it out, or give Future.completed(null)",
                    () -> Gather.of(user, null));
            saysNull(
                    "future must not be null: Future.completed(null) is a future of null",
                    () -> Future.fromBlocking(null));
            gate.open();
            assertEquals("Ann", user.join());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    @Rule(3)
    void concurrencyBelowOne_errorNamesTheGroup(int limit) {
        try (TaskScope page = leaks.open("page")) {
            AtomicInteger ran = new AtomicInteger();
            Gather<Integer> checks =
                    page.gather(List.of(1), i -> ran.incrementAndGet()).named("checks");
            says(
                    IllegalArgumentException.class,
                    "atOnce must be at least 1, but is "
                            + limit
                            + ": Gather \"checks\" of 1 body was not started;"
                            + " leave concurrency() out to run all bodies at once",
                    () -> checks.concurrency(limit));
            assertEquals(List.of(1), checks.all().join());
        }
    }

    @Test
    @Rule(3)
    void negativeTime_errorNamesTheFuture() {
        Promise<String> promise = Promise.create();
        String name = promise.toString().split("\"")[1];
        says(
                IllegalArgumentException.class,
                "timeout must be longer than zero, but is PT0S: nothing was derived from promise \""
                        + name
                        + "\"; give at least 1 ms",
                () -> promise.orTimeout(Duration.ZERO));
        says(
                IllegalArgumentException.class,
                "timeout must not be negative, but is PT-0.005S: promise \""
                        + name
                        + "\" was not waited for; zero looks once, and join() waits without a limit",
                () -> promise.join(Duration.ofMillis(-5)));
        says(
                IllegalArgumentException.class,
                "duration must not be negative, but is PT-1S: zero gives a future that is done",
                () -> Task.sleep(Duration.ofSeconds(-1)));
        says(
                IllegalArgumentException.class,
                "deadline must be longer than zero, but is PT0S: leave deadline() out for a scope without one",
                () -> TaskScope.builder().deadline(Duration.ZERO));
    }

    @Test
    @Rule(23)
    void aScopeThatIsClosedTwiceReportsOnce() {
        TaskScope page = leaks.open("page");
        IOException broken = new IOException("broken");
        Task<String> user =
                page.start(
                        "user",
                        () -> {
                            throw broken;
                        });
        page.join();
        page.close();
        assertEquals(
                List.of(new FailureReport(Kind.UNREAD_FAILURE, "task", "user", broken)),
                leaks.takeReports());
        page.close();
        assertEquals(List.of(), leaks.takeReports());
        says(
                IllegalStateException.class,
                "scope \"page\" is closed and cannot start a task; nothing was started."
                        + " Start it before the scope is closed, or in another scope."
                        + " "
                        + seeError("closed-scope"),
                () -> page.start(() -> "late"));
        assertSame(broken, user.exception());
    }

    @Test
    @Rule(23)
    void taskThatClosesItsScope_failsWithAnErrorThatSaysWhatToDo() {
        try (TaskScope page = leaks.open("page")) {
            Task<Void> user = page.start("user", Executors.<Void>callable(page::close, null));
            String said =
                    assertInstanceOf(
                                    IllegalStateException.class,
                                    user.joinOutcome().exceptionOrNull())
                            .getMessage();
            assertTrue(
                    said.startsWith(
                            "scope \"page\" cannot close inside itself: task \"user\" would wait for its own end"),
                    said);
            assertTrue(
                    said.endsWith(
                            "or call closeAsync or cancel. " + seeError("inside-its-own-scope")),
                    said);
            assertEquals("open", page.start(() -> "open").join(), "the scope was not closed");
        }
    }

    private static void saysNull(String expected, Executable call) {
        says(NullPointerException.class, expected, call);
    }

    private static void says(Class<? extends Exception> type, String expected, Executable call) {
        assertEquals(expected, assertThrows(type, call).getMessage());
    }
}
