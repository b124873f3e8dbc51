package io.github.coro4j.interop.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R25: a circle may lead through a scope, where one task waits for all that lives there. */
class ScopeDeadlockTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @RepeatedTest(100)
    void r25_aTaskAndOneThatJoinsItsScopeCannotWaitForEachOther() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = one.launch("a", () -> joinAfter(start, two));
            Task<Void> b =
                    two.launch(
                            "b",
                            () -> {
                                start.pass();
                                a.join();
                            });
            start.open();
            assertCircle(told(a, b), "a", "two", "b");
        }
    }

    @RepeatedTest(100)
    void r25_norCanATaskOfAScopeInsideThatScope() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = one.launch("a", () -> joinAfter(start, two));
            // Whoever opens the scope inside must not wait there: it would be part of the circle.
            Task<Void> b = two.start(() -> leaks.open("inner").launch("b", a::join)).join();
            start.open();
            assertCircle(told(a, b), "a", "two", "inner", "b");
        }
    }

    @RepeatedTest(100)
    void r25_norCanATaskInsideARunAndTheTaskThatRunsIt() {
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
            // Or "b" was told; nobody has read that, and its run has the listener of "one".
            List<FailureReport> reports = leaks.takeReports();
            if (reports.isEmpty()) {
                assertNotNull(ofA, "nobody was told");
            }
            for (FailureReport report : reports) {
                assertEquals("b", report.name());
                assertCircle((DeadlockException) report.exception(), "a", "two", "b");
            }
        }
    }

    @Test
    void r25_theMessageNamesTheScopeAndTheWayOut() {
        Gate start = new Gate();
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<Void> a = one.launch("a", () -> joinAfter(start, two));
            Task<Void> b = two.launch("b", a::join);
            start.open();
            String said = told(a, b).getMessage();
            // Of two who wait at the same time, either may be told, or both.
            assertTrue(
                    said.contains("a -> scope \"two\" -> b -> a")
                                    && said.contains("Let a thread outside these tasks wait")
                            || said.contains("b -> a -> scope \"two\" -> b"),
                    said);
        }
    }

    private static void joinAfter(Gate gate, TaskScope scope) throws InterruptedException {
        gate.pass();
        scope.join();
    }

    private static DeadlockException told(Task<?> a, Task<?> b) {
        Throwable ofA = a.joinOutcome().exceptionOrNull();
        Throwable ofB = b.joinOutcome().exceptionOrNull();
        return assertInstanceOf(
                DeadlockException.class, ofA instanceof DeadlockException ? ofA : ofB);
    }

    /** The circle may be told from any of its members on. */
    private static void assertCircle(DeadlockException told, String... expected) {
        List<String> circle = new ArrayList<>(told.circle());
        Collections.rotate(circle, -circle.indexOf(expected[0]));
        assertEquals(List.of(expected), circle);
    }
}
