package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code named}: the name of a derived future in messages, reports and dumps. */
class NamedTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void named_returnsANewFutureOnlyForATask(FutureKind kind) {
        for (End end : End.values()) {
            try (TaskScope scope = leaks.open("named")) {
                ControlledFuture subject = kind.in(scope);
                Future<Object> future = subject.future();
                Future<Object> named = future.named("parse user");
                assertEquals(kind == FutureKind.TASK, named != future);
                assertTrue(named.toString().contains("\"parse user\""), named.toString());

                end.bring(subject);
                assertEquals(named.joinOutcome(), future.joinOutcome());
                assertTrue(named.toString().contains("\"parse user\""), named.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFutureThatIsDoneCanBeNamed(FutureKind kind) {
        try (TaskScope scope = leaks.open("named")) {
            ControlledFuture subject = kind.in(scope);
            subject.succeed("value");
            Object value = subject.future().join();
            Future<Object> named = subject.future().named("parse user");
            assertEquals(value, named.join());
            assertTrue(named.toString().contains("\"parse user\""), named.toString());
        }
    }

    @Test
    void aTaskKeepsItsName() {
        try (TaskScope scope = leaks.open("named")) {
            Task<String> task = scope.start("load", () -> "value");
            Future<String> named = task.named("parse");
            assertNotSame(task, named);
            assertEquals("load", task.name());
            assertTrue(task.toString().contains("\"load\""), task.toString());
            assertEquals("value", named.join());
        }
    }

    @Test
    void aPromiseStaysAPromise() {
        Promise<String> promise = Promise.create();
        Promise<String> named = promise.named("answer");
        assertSame(promise, named);
        named.complete("42");
        assertTrue(promise.toString().contains("\"answer\""), promise.toString());
    }

    @Test
    void secondName_replacesTheFirst() {
        Promise<String> promise = Promise.create();
        Future<Integer> length = promise.map(String::length).named("first").named("second");
        promise.complete("value");
        assertEquals(5, length.join());
        assertTrue(length.toString().contains("\"second\""), length.toString());
    }

    @Test
    @Rule(8)
    void cancelOfTheNamedFuture_reachesTheTask() {
        try (TaskScope scope = leaks.open("named")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("load", gate::pass);
            gate.awaitReached();
            Outcome<Void> end = task.named("parse").cancelAndJoin("enough");

            TaskCancelledException cancelled = (TaskCancelledException) end.exceptionOrNull();
            assertEquals("parse", cancelled.name());
            assertEquals("enough", cancelled.reason());
            assertTrue(task.isCancelled());
            assertEquals("load was cancelled: enough", task.exception().getMessage());
        }
    }

    @Test
    @Rule(4)
    void theCancellationOfADerivedFutureHasItsName() {
        Promise<String> promise = Promise.create();
        Future<Integer> length = promise.map(String::length).named("length");
        length.cancel("enough");
        assertEquals("length was cancelled: enough", length.exception().getMessage());
    }

    @Test
    @Rule(16)
    void theReportHasTheName() throws Exception {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("named")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<Integer> before = promise.map(String::length).named("before");
            promise.fail(failure);
            ControlledFuture.awaitDone(before);
            Future<Integer> after = promise.map(String::length);
            ControlledFuture.awaitDone(after);
            after.named("after");
        }
        assertEquals(
                List.of("after", "before"),
                leaks.takeReports().stream().map(FailureReport::name).sorted().toList());
    }

    @Test
    @Rule(16)
    void report_hasTheNameEvenIfTheFutureFailsMeanwhile() {
        Race.rounds(
                300,
                (race, random) -> {
                    try (TaskScope scope = leaks.open("named")) {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        Future<String> mapped = promise.map(value -> value);
                        race.<Object>run(
                                random,
                                () -> mapped.named("mapped"),
                                () -> promise.fail(new IOException("broken")));
                    }
                    assertEquals(
                            List.of("mapped"),
                            leaks.takeReports().stream().map(FailureReport::name).toList());
                });
    }

    @Test
    void theDumpHasTheNameWhileTheFunctionRuns() {
        try (TaskScope scope = leaks.open("named")) {
            Gate gate = new Gate();
            Gate mapping = new Gate();
            Future<String> mapped =
                    scope.start("load", () -> pass(gate))
                            .map(value -> pass(mapping))
                            .named("parse user");
            gate.open();
            mapping.awaitReached();
            assertTrue(scope.dump().contains("\"parse user\""), scope.dump());
            mapping.open();
            mapped.join();
        }
    }

    @Test
    @Rule(23)
    void aTaskOfAClosedScopeHasNoDerivedFutureWithAName() {
        Task<String> task;
        try (TaskScope scope = leaks.open("named")) {
            task = scope.start("load", () -> "value");
            task.join();
        }
        assertThrows(IllegalStateException.class, () -> task.named("parse"));
        assertEquals("value", task.join());
    }

    private static String pass(Gate gate) throws InterruptedException {
        gate.pass();
        return "value";
    }
}
