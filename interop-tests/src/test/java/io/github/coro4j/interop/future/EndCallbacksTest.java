package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code onSuccess} and {@code onFailure}: callbacks for one end. */
class EndCallbacksTest {
    private static final Executor DIRECT = Runnable::run;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(10)
    void callback_runsOnceAndOnlyForItsKindOfEnd(FutureKind kind) {
        for (End end : End.values()) {
            Trail trail = new Trail();
            ControlledFuture subject;
            try (TaskScope scope = leaks.open("ends")) {
                subject = kind.in(scope);
                Future<Object> future = subject.future();
                add(future, trail, "early");

                end.bring(subject);
                future.joinOutcome();

                add(future, trail, "late");
                future.addDoneCallback(each -> trail.add("done"), DIRECT);
                trail.await("done");
            } // the close waits for callbacks on the scope's executor
            List<String> expected =
                    switch (end) {
                        case SUCCESS -> eachOf("success " + subject.valueFor("value"));
                        case FAILURE -> eachOf("failure " + subject.future().exception());
                        case CANCELLED -> List.of("done");
                    };
            assertEquals(expected, trail.steps().stream().sorted().toList(), end.toString());
        }
    }

    private static void add(Future<Object> future, Trail trail, String when) {
        Future<Object> same =
                future.onSuccess(value -> trail.add(when + ": success " + value))
                        .onFailure(failure -> trail.add(when + ": failure " + failure))
                        .onSuccess(value -> trail.add(when + ", direct: success " + value), DIRECT)
                        .onFailure(
                                failure -> trail.add(when + ", direct: failure " + failure),
                                DIRECT);
        assertSame(future, same);
    }

    private static List<String> eachOf(String end) {
        return List.of(
                "done",
                "early, direct: " + end,
                "early: " + end,
                "late, direct: " + end,
                "late: " + end);
    }

    @Test
    void aNullValueIsASuccess() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("ends")) {
            scope.launch(() -> {}).onSuccess(trail::add).onFailure(trail::add).join();
        }
        trail.assertSteps("null");
    }

    @Test
    @Rule(12)
    void callbacks_runInTheOrderInWhichAllKindsWereAdded() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("ends")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            promise.addDoneCallback(each -> trail.add("first"));
            promise.onSuccess(value -> trail.add("second"));
            promise.addDoneCallback(each -> trail.add("third"));
            promise.complete("value");
        }
        trail.assertSteps("first", "second", "third");
    }

    @Test
    @Rule(13)
    void anActionThatThrowsIsReportedAndTheOthersRun() {
        Trail trail = new Trail();
        RuntimeException thrown = new RuntimeException("thrown");
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("ends")) {
            Task<Void> task =
                    scope.start(
                            "load",
                            () -> {
                                throw failure;
                            });
            task.onFailure(
                    each -> {
                        throw thrown;
                    });
            task.onFailure(trail::add);
            scope.join(); // because the close would cancel a task that has not begun
        }
        trail.assertSteps(failure);
        FailureReport report = only(leaks.takeReports());
        assertEquals(FailureReport.Kind.CALLBACK_FAILED, report.kind());
        assertEquals("load", report.name());
        assertSame(thrown, report.exception());
    }

    @Test
    @Rule(16)
    void onFailure_readsTheFailure() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("ends")) {
            scope.start("load", EndCallbacksTest::fail).onFailure(trail::add);
            scope.join();
        }
        trail.assertSteps("java.io.IOException: broken");
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    @Rule(16)
    void onSuccess_leavesAFailureUnread() {
        try (TaskScope scope = leaks.open("ends")) {
            Task<String> task = scope.start("load", EndCallbacksTest::fail);
            task.onSuccess(value -> {});
            task.addDoneCallback(each -> {});
            scope.join();
        }
        assertEquals("load", only(leaks.takeReports()).name());
    }

    @Test
    @Rule(16)
    void onFailure_readsNothingBeforeTheActionRuns() throws Exception {
        try (TaskScope scope = leaks.open("ends")) {
            Task<String> task = scope.start("load", EndCallbacksTest::fail);
            ControlledFuture.awaitDone(task);
            task.onFailure(failure -> {}, never -> {});
        }
        FailureReport report = only(leaks.takeReports());
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, report.kind());
        assertEquals("load", report.name());
    }

    @Test
    @Rule(27)
    void callbacks_haveTheContextOfTheThreadThatAddsThem() {
        ThreadLocal<String> tenant = new ThreadLocal<>();
        Trail trail = new Trail();
        TaskScope.Builder builder =
                TaskScope.builder().contextPropagator(ContextPropagator.of(tenant));
        try (TaskScope scope = leaks.opened(builder.open())) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            tenant.set("acme");
            promise.onSuccess(value -> trail.add(value + " for " + tenant.get()));
            tenant.remove();
            assertNull(tenant.get());
            promise.complete("bill");
        }
        trail.assertSteps("bill for acme");
    }

    private static String fail() throws IOException {
        throw new IOException("broken");
    }

    private static FailureReport only(List<FailureReport> reports) {
        assertEquals(1, reports.size(), reports.toString());
        return reports.get(0);
    }
}
