package io.github.coro4j.interop.scope;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingRunnable;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A circle of waits may lead through a scope, if a task waits for all tasks of that scope (R25). */
class ScopeDeadlockTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @RepeatedTest(100)
    @Rule(25)
    void aTaskAndATaskThatJoinsItsScopeCannotWaitForEachOther() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = start(one, "a", () -> joinAfter(start, two));
            Task<Void> b =
                    start(
                            two,
                            "b",
                            () -> {
                                start.pass();
                                a.join();
                            });
            start.open();
            assertCircle(deadlockOf(a, b), "a", "two", "b");
        }
    }

    @RepeatedTest(100)
    @Rule(25)
    void aTaskOfAnInnerScopeAndATaskThatJoinsTheOuterScopeCannotWaitForEachOther() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = start(one, "a", () -> joinAfter(start, two));
            // The task that opens the inner scope must not wait: it would be part of the circle.
            Task<Void> b = two.start(() -> start(leaks.open("inner"), "b", a::join)).join();
            start.open();
            assertCircle(deadlockOf(a, b), "a", "two", "inner", "b");
        }
    }

    @RepeatedTest(100)
    @Rule(25)
    void aTaskInsideARunAndTheTaskThatCallsTheRunCannotWaitForEachOther() {
        Gate start = new Gate();
        AtomicReference<Task<String>> self = new AtomicReference<>();
        try (TaskScope one = leaks.open("one")) {
            Task<String> a =
                    one.start(
                            "a",
                            () -> {
                                start.pass();
                                return TaskScope.run(
                                        "two",
                                        two -> {
                                            two.start("b", self.get()::join);
                                            return "main";
                                        });
                            });
            self.set(a);
            start.open();
            Throwable ofA = a.joinOutcome().exceptionOrNull();
            if (ofA != null) {
                assertCircle(assertInstanceOf(DeadlockException.class, ofA), "a", "two", "b");
            }
            // Or "b" got the exception unread, and its run has the listener of "one".
            List<FailureReport> reports = leaks.takeReports();
            if (reports.isEmpty()) {
                assertNotNull(ofA, "no task got the exception");
            }
            for (FailureReport report : reports) {
                assertEquals("b", report.name());
                assertCircle((DeadlockException) report.exception(), "a", "two", "b");
            }
        }
    }

    @RepeatedTest(50)
    @Rule({23, 25})
    void tasksThatCloseEachOthersScopesGetAnExceptionAndBothScopesEnd() throws Exception {
        TaskScope one = leaks.open("one");
        TaskScope two = leaks.open("two");
        CountDownLatch both = new CountDownLatch(2);
        Task<Void> a = start(one, "a", () -> closeWhen(both, two));
        Task<Void> b = start(two, "b", () -> closeWhen(both, one));
        Throwable ofA = a.joinOutcome().exceptionOrNull();
        Throwable ofB = b.joinOutcome().exceptionOrNull();
        assertTrue(
                ofA instanceof DeadlockException || ofB instanceof DeadlockException,
                () -> ofA + ", " + ofB);
        one.close();
        two.close();
        // A scope may have reported the exception before the test read it.
        for (FailureReport report : leaks.takeReports()) {
            assertInstanceOf(DeadlockException.class, report.exception());
        }
        assertThrows(IllegalStateException.class, () -> one.start(() -> "late"));
    }

    @Coro4jTest
    @Rule(25)
    void aWaitBehindATimeoutIsNoCircle(TestScope time) {
        Promise<Task<String>> first = Promise.create();
        try (TaskScope scope = leaks.open("timed")) {
            Task<String> b =
                    scope.start(
                            "b",
                            () -> {
                                Task<String> a = first.join();
                                return a.shield()
                                        .completeOnTimeout("gave up", Duration.ofMillis(1))
                                        .join();
                            });
            Task<String> a = scope.start("a", b::join);
            first.complete(a);
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(a);
            time.advanceBy(Duration.ofNanos(1));
            assertSucceeded(a, "gave up");
        }
    }

    @Test
    @Rule(25)
    void aFutureCannotFollowATimeoutOfItself() {
        try (TaskScope scope = leaks.open("timed")) {
            Promise<Future<String>> self = Promise.create();
            Future<String> circular =
                    scope.start(() -> "source")
                            .flatMap(x -> self.join().orTimeout(Duration.ofDays(1)));
            self.complete(circular);
            assertInstanceOf(DeadlockException.class, circular.joinOutcome().exceptionOrNull());
        }
        assertTimeoutIsUnread();
    }

    @Test
    @Rule({20, 23})
    void aTaskMayCloseAScopeThatHoldsAGatherOfItself() {
        try (TaskScope scope = leaks.open("timed")) {
            Task<Void> closer =
                    start(
                            scope,
                            "closer",
                            () ->
                                    TaskScope.run(
                                            "inner",
                                            inner -> {
                                                Future<?> self =
                                                        outerOf(scope)
                                                                .orTimeout(Duration.ofDays(1));
                                                Gather.of(self).all();
                                                throw new IOException("broken");
                                            }));
            // The gather ends with the inner scope, and does not wait for its member.
            Throwable thrown = closer.joinOutcome().exceptionOrNull();
            assertInstanceOf(CompletionException.class, thrown);
            assertEquals("broken", thrown.getCause().getMessage());
        }
        assertTimeoutIsUnread();
    }

    /** The derived future with the timeout has failed too, and no code has read it. */
    private void assertTimeoutIsUnread() {
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertTrue(reports.get(0).name().endsWith(".orTimeout"), reports::toString);
    }

    private static Task<?> outerOf(TaskScope scope) {
        return scope.tasks().iterator().next();
    }

    @Coro4jTest
    @Rule({22, 25})
    void aChildCannotWaitForAChildThatWaitsForItsPermit(TestScope time) {
        try (TaskScope scope = leaks.open("permits")) {
            Gate go = Gate.ofPromise();
            AtomicReference<Future<String>> other = new AtomicReference<>();
            Future<Partition<String>> group =
                    scope.gather(
                                    List.of(0, 1),
                                    i -> {
                                        if (i == 0) {
                                            go.passUninterruptibly();
                                            return other.get().join();
                                        }
                                        return "one";
                                    })
                            .concurrency(1)
                            .timeout(Duration.ofMillis(1))
                            .until(When.ALL_DONE);
            time.advanceBy(Duration.ofMillis(1));
            List<Future<String>> children = List.copyOf(assertSucceeded(group).pending());
            other.set(children.get(1));
            go.open();
            Throwable circle = children.get(0).joinOutcome().exceptionOrNull();
            assertInstanceOf(DeadlockException.class, circle);
            assertEquals("one", children.get(1).join());
        }
    }

    /** Starts a body whose failure a test reads. A launch would report it if the test reads it late. */
    private static Task<Void> start(TaskScope scope, String name, ThrowingRunnable body) {
        return scope.start(
                name,
                () -> {
                    body.run();
                    return null;
                });
    }

    private static void closeWhen(CountDownLatch both, TaskScope scope) {
        both.countDown();
        while (both.getCount() > 0) {
            Thread.onSpinWait();
        }
        scope.close();
    }

    @Test
    @Rule(25)
    void theMessageNamesTheScopeAndSaysWhatToDo() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = start(one, "a", () -> joinAfter(start, two));
            Task<Void> b = start(two, "b", a::join);
            start.open();
            String said = deadlockOf(a, b).getMessage();
            // Of two tasks that wait at the same time, one or both get the exception.
            assertTrue(
                    said.contains("task \"a\" -> scope \"two\" -> task \"b\" -> task \"a\"")
                                    && said.contains("Let a thread outside these tasks wait")
                            || said.contains(
                                    "task \"b\" -> task \"a\" -> scope \"two\" -> task \"b\""),
                    said);
        }
    }

    private static void joinAfter(Gate gate, TaskScope scope) throws InterruptedException {
        gate.pass();
        scope.join();
    }

    private static DeadlockException deadlockOf(Task<?> a, Task<?> b) {
        Throwable ofA = a.joinOutcome().exceptionOrNull();
        Throwable ofB = b.joinOutcome().exceptionOrNull();
        return assertInstanceOf(
                DeadlockException.class, ofA instanceof DeadlockException ? ofA : ofB);
    }

    /** The exception may list the circle from any of its tasks on. */
    private static void assertCircle(DeadlockException deadlock, String... expected) {
        List<String> circle = new ArrayList<>(deadlock.circle());
        Collections.rotate(circle, -circle.indexOf(expected[0]));
        assertEquals(List.of(expected), circle);
    }
}
