package io.github.coro4j.interop.context;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.FailureReport.Kind;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** A propagator that throws affects only the work for which it propagates, and the scope reports it. */
@Rule(27)
class BrokenPropagatorTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final IllegalArgumentException broken = new IllegalArgumentException("broken");

    private final Breaking breaking = new Breaking(trail, broken);

    private TaskScope open() {
        return leaks.opened(
                TaskScope.builder()
                        .name("page")
                        .contextPropagator(new RecordingPropagator("first", new Trail()))
                        .contextPropagator(breaking)
                        .contextPropagator(new RecordingPropagator("last", trail))
                        .failureListener(leaks.listener())
                        .open());
    }

    // ---- capture

    @Test
    void failedCapture_preventsTheStart() {
        try (TaskScope scope = open()) {
            Promise<String> promise = scope.start("maker", () -> Promise.<String>create()).join();
            String promised =
                    promise.toString().replaceAll("^Promise (\"[^\"]*\").*", "promise $1");
            breaking.at = "capture";
            refused("no task was started in scope \"page\"", () -> scope.start(() -> "x"));
            refused(
                    "task \"load\" was not started in scope \"page\"",
                    () -> scope.launch("load", () -> {}));
            refused(
                    "no callback was added to " + promised,
                    () -> promise.addDoneCallback(done -> trail.add("ran")));
            refused("no callback was added to " + promised, promise::toCompletableFuture);
            refused("nothing was derived from " + promised, () -> promise.map(value -> value));
            refused(
                    "all() of gather \"prices\" was not called in scope \"page\"",
                    () -> scope.gather(List.of(1), item -> item).named("prices").all());
            refused(
                    "settled() of a gather was not called in scope \"page\"",
                    () -> scope.gather(List.of(1, 2), item -> item).concurrency(1).settled());
            refused(
                    "hedge() of a gather was not called in scope \"page\"",
                    () -> scope.hedge(2, Duration.ZERO, attempt -> attempt));
            assertEquals(Set.of(), scope.tasks());
            promise.complete("value");
        }
        assertTrue(trail.steps().stream().noneMatch("ran"::equals), trail::toString);
    }

    private void refused(String what, Executable call) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, call);
        assertSame(broken, refusal.getCause());
        assertEquals(
                what
                        + ", because the context propagator "
                        + Breaking.class.getName()
                        + " could not capture what thread \""
                        + Thread.currentThread().getName()
                        + "\" holds: java.lang.IllegalArgumentException: broken."
                        + " "
                        + seeError("nothing-captured"),
                refusal.getMessage());
    }

    @Test
    void refusedGather_canBeStartedLater() {
        try (TaskScope scope = open()) {
            Gather<Integer> gather = scope.gather(List.of(1, 2), item -> item);
            breaking.at = "capture";
            assertThrows(IllegalStateException.class, gather::all);
            breaking.at = "";
            assertEquals(List.of(1, 2), gather.all().join());
        }
    }

    // ---- install

    @Test
    void failedInstall_failsTheTaskAndItsBodyDoesNotRun() {
        breaking.at = "install";
        try (TaskScope scope = open()) {
            Task<Void> task =
                    scope.start(
                            () -> {
                                trail.add("body");
                                return null;
                            });
            assertSame(broken, task.joinOutcome().exceptionOrNull());
            Future<List<Integer>> all =
                    scope.gather(
                                    List.of(1, 2),
                                    item -> {
                                        trail.add("body");
                                        return item;
                                    })
                            .failFast();
            assertSame(broken, all.joinOutcome().exceptionOrNull());
        }
        assertTrue(trail.steps().stream().noneMatch("body"::equals), trail::toString);
    }

    @Test
    void failedInstall_restoresTheValuesInstalledBefore() {
        breaking.at = "install";
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(new RecordingPropagator("first", trail))
                                .contextPropagator(breaking)
                                .contextPropagator(new RecordingPropagator("last", trail))
                                .open());
        try (scope) {
            assertSame(broken, scope.start(() -> "value").joinOutcome().exceptionOrNull());
        }
        trail.assertSteps(
                "capture first",
                "capture",
                "capture last",
                "install first",
                "install",
                "close first");
    }

    @Test
    void installThatReturnsNull_isNamedInTheError() {
        breaking.at = "null";
        try (TaskScope scope = open()) {
            Throwable failure = scope.start(() -> "value").joinOutcome().exceptionOrNull();
            assertEquals(
                    "what install() of "
                            + Breaking.class.getName()
                            + " returns must not be null: nothing could put back what the thread held",
                    failure.getMessage());
        }
    }

    // R10: each callback runs once
    @Test
    @Rule(10)
    void callback_runsEvenIfItsInstallFails() throws InterruptedException {
        try (TaskScope scope = open()) {
            Promise<String> promise = scope.start("maker", () -> Promise.<String>create()).join();
            promise.addDoneCallback(done -> trail.add("callback"));
            CompletableFuture<String> view = promise.toCompletableFuture();
            breaking.at = "install";
            promise.complete("value");
            assertEquals("value", view.join());
        }
        trail.await("callback");
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(
                List.of(Kind.PROPAGATOR_FAILED, Kind.PROPAGATOR_FAILED),
                reports.stream().map(FailureReport::kind).toList());
        assertSame(broken, reports.get(0).exception());
        assertEquals("promise", reports.get(0).type());
    }

    @Test
    void progressCallback_runsEvenIfItsInstallFails() {
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(breaking)
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            Promise<String> promise = scope.start("maker", () -> Promise.<String>create()).join();
            Future<List<String>> all =
                    scope.start(
                                    () ->
                                            Gather.of(promise)
                                                    .onProgress(progress -> trail.add("progress"))
                                                    .named("prices")
                                                    .all())
                            .join();
            breaking.at = "install";
            promise.complete("value");
            assertEquals(List.of("value"), all.join());
            trail.await("progress");
        }
        assertEquals(
                List.of("gather \"prices\": a context propagator threw"),
                leaks.takeReports().stream().map(FailureReport::message).toList());
    }

    @Test
    void failedInstallForAPolicy_failsTheGroup() {
        GatherPolicy<Object, String> policy =
                new GatherPolicy<>() {
                    @Override
                    public Decision ended(int index, Outcome<Object> outcome) {
                        trail.add("policy");
                        return Decision.CONCLUDE;
                    }

                    @Override
                    public String result() {
                        return "result";
                    }
                };
        try (TaskScope scope = open()) {
            Promise<Object> promise = scope.start("maker", () -> Promise.<Object>create()).join();
            Future<String> group = scope.start(() -> Gather.of(promise).using(() -> policy)).join();
            breaking.at = "install";
            promise.complete("value");
            assertSame(broken, group.joinOutcome().exceptionOrNull());
        }
        assertTrue(trail.steps().stream().noneMatch("policy"::equals), trail::toString);
    }

    // ---- close

    @Test
    void failedClose_isReportedAndOtherPropagatorsStillClose() {
        breaking.at = "close";
        Trail order = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(new RecordingPropagator("first", order))
                                .contextPropagator(breaking)
                                .contextPropagator(new RecordingPropagator("last", order))
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            assertEquals("value", scope.start("load", () -> "value").join());
        }
        order.assertSteps(
                "capture first",
                "capture last",
                "install first",
                "install last",
                "close last",
                "close first");
        FailureReport report = leaks.takeReports().get(0);
        assertEquals("task \"load\": a context propagator threw", report.message());
        assertEquals(Kind.PROPAGATOR_FAILED, report.kind());
        assertSame(broken, report.exception());
    }
}
