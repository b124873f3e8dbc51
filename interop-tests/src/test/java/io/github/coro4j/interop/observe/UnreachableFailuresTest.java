package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingRunnable;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An unread failure is reported when its future becomes unreachable. Methods of their own drop the references, so that
 * no frame of the test keeps them.
 */
@Rule(16)
class UnreachableFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void aDroppedFailureIsReportedOnceAndBeforeTheScopeCloses(FutureKind kind) throws Exception {
        IOException failure = new IOException("dropped");
        try (TaskScope scope = leaks.open("dropped")) {
            failAndDrop(kind, scope, failure);

            List<FailureReport> reports = new ArrayList<>();
            collectUntil(() -> reports.addAll(leaks.takeReports()));

            assertEquals(1, reports.size(), reports.toString());
            assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
            assertSame(failure, reports.get(0).exception());
        }
        assertEquals(List.of(), leaks.takeReports(), "reported again when the scope closed");
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedFailureThatWasReadIsNotReported(FutureKind kind) throws Exception {
        IOException marker = new IOException("unread");
        try (TaskScope scope = leaks.open("dropped")) {
            readAndDrop(kind, scope);
            failAndDrop(FutureKind.TASK, scope, marker);

            List<FailureReport> reports = new ArrayList<>();
            collectUntil(() -> reports.addAll(leaks.takeReports()));

            assertSame(marker, reports.get(0).exception());
            assertEquals(1, reports.size(), reports.toString());
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    void aDroppedFailureInTheGlobalScopeIsLogged() {
        IOException failure = new IOException("dropped");
        dropFailed(failure);

        List<LogRecord> lines = new ArrayList<>();
        collectUntil(() -> lines.addAll(leaks.takeLogged()));

        assertSame(failure, lines.get(0).getThrown());
        assertEquals(1, lines.size());
    }

    @Test
    void aPendingTaskIsHeldByItsScope() {
        assertRunsToItsEnd(TaskScope::launch);
    }

    @Test
    void theChildrenOfADroppedGroupAreHeldByTheirScope() {
        assertRunsToItsEnd(
                (scope, body) ->
                        scope.gather(
                                        List.of("only"),
                                        item -> {
                                            body.run();
                                            return item;
                                        })
                                .all());
    }

    private void assertRunsToItsEnd(BiConsumer<TaskScope, ThrowingRunnable> startAndDrop) {
        Trail trail = new Trail();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("held")) {
            startAndDrop.accept(
                    scope,
                    () -> {
                        gate.pass();
                        trail.add("ran to its end");
                    });
            gate.awaitReached();
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            gate.open();
            scope.join();
        }
        trail.assertSteps("ran to its end");
    }

    @Test
    void futuresDerivedFromAHeldPromiseAreNotLost() {
        try (TaskScope scope = leaks.open("held")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Trail trail = new Trail();
            deriveAndDrop(promise, trail);
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            promise.complete("value");
            trail.await("mapped value");
            trail.await("called with value");
            trail.await("shield called with value");
        }
    }

    private static void collectUntil(BooleanSupplier reported) {
        while (!reported.getAsBoolean()) {
            System.gc();
        }
    }

    private static void failAndDrop(FutureKind kind, TaskScope scope, Exception failure)
            throws InterruptedException {
        ControlledFuture subject = kind.in(scope);
        subject.fail(failure);
        subject.awaitDone();
    }

    private static void readAndDrop(FutureKind kind, TaskScope scope) {
        ControlledFuture subject = kind.in(scope);
        subject.fail(new IOException("read"));
        assertTrue(subject.future().joinOutcome().exceptionOrNull() instanceof IOException);
    }

    private static void dropFailed(Exception failure) {
        assertTrue(Future.failed(failure).isDone());
    }

    private static void deriveAndDrop(Promise<String> promise, Trail trail) {
        promise.map(
                value -> {
                    trail.add("mapped " + value);
                    return value;
                });
        promise.addDoneCallback(each -> trail.add("called with " + each.result()));
        promise.shield().addDoneCallback(each -> trail.add("shield called with " + each.result()));
    }
}
