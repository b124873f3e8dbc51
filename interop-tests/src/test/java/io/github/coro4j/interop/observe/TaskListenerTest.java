package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskEvent.End;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task listener receives the steps of each body, in order, on the right thread and with the right data. */
@Timeout(60)
class TaskListenerTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final RecordingListener recorder = new RecordingListener();

    private TaskScope open(String name, TaskListener listener) {
        return leaks.opened(
                TaskScope.builder()
                        .name(name)
                        .failureListener(leaks.listener())
                        .taskListener(listener)
                        .open());
    }

    @Test
    void aBodyIsStartedAndEndedOnItsOwnThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (TaskScope scope = open("shop", recorder)) {
            scope.launch(
                    "load",
                    () -> {
                        assertEquals(List.of("started"), recorder.of("load"));
                        thread.set(Thread.currentThread());
                    });
            scope.join();
        }
        assertEquals(List.of("started", "ended"), recorder.of("load"));
        recorder.steps().forEach(step -> assertSame(thread.get(), step.thread()));
        TaskEvent started = recorder.only("started", "load");
        assertEquals("task", started.type());
        assertEquals("task \"load\"", started.label());
        assertEquals("shop", started.scope());
        assertTrue(started.begun());
        assertEquals(Duration.ZERO, started.ran());
        assertNull(started.end());
        TaskEvent ended = recorder.only("ended", "load");
        assertEquals(End.SUCCESS, ended.end());
        assertNull(ended.exception());
        assertEquals(started.waited(), ended.waited());
        assertFalse(ended.ran().isNegative());
    }

    @Test
    void theTimeThatABodyWaitedAndRanIsMeasured() {
        List<Runnable> queue = new ArrayList<>();
        long[] times = new long[4];
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .executor(queue::add)
                                .taskListener(recorder)
                                .open())) {
            times[0] = System.nanoTime();
            scope.launch(
                    "load",
                    () -> {
                        times[2] = System.nanoTime();
                        spinFor(2_000_000);
                        times[3] = System.nanoTime();
                    });
            spinFor(2_000_000);
            times[1] = System.nanoTime();
            queue.get(0).run();
        }
        TaskEvent ended = recorder.only("ended", "load");
        assertTrue(ended.waited().toNanos() >= 2_000_000, ended::toString);
        assertTrue(ended.waited().toNanos() <= times[2] - times[0], ended::toString);
        assertTrue(ended.ran().toNanos() >= times[3] - times[2], ended::toString);
    }

    @Test
    void theTimeOfAListenerIsNotCountedAsTimeOfTheBody() {
        long[] times = new long[2];
        TaskListener slow =
                new TaskListener() {
                    @Override
                    public void started(TaskEvent event) {
                        recorder.started(event);
                        spinFor(50_000_000);
                        times[0] = System.nanoTime();
                    }

                    @Override
                    public void ended(TaskEvent event) {
                        times[1] = System.nanoTime();
                        recorder.ended(event);
                    }
                };
        try (TaskScope scope = open("shop", slow)) {
            scope.launch("load", () -> {}).join();
        }
        TaskEvent ended = recorder.only("ended", "load");
        assertEquals(Duration.ZERO, recorder.only("started", "load").ran());
        assertEquals(recorder.only("started", "load").waited(), ended.waited());
        assertTrue(ended.ran().toNanos() <= times[1] - times[0], ended::toString);
    }

    @Test
    void allEventsOfABodyHaveTheSameUniqueId() {
        Gate gate = new Gate();
        try (TaskScope scope = open("shop", recorder)) {
            Task<Void> load = scope.launch("same", gate::pass);
            gate.awaitReached();
            load.cancel("enough");
            load.joinOutcome();
            scope.launch("same", () -> {}).join();
            scope.gather(List.of(1, 2), i -> i).named("prices").all().join();
        }
        Map<Long, List<String>> byId = new TreeMap<>();
        for (RecordingListener.Step step : recorder.steps()) {
            byId.computeIfAbsent(step.event().id(), id -> new ArrayList<>()).add(step.verb());
        }
        assertEquals(
                List.of(
                        List.of("ended", "started"),
                        List.of("ended", "started"),
                        List.of("ended", "started"),
                        List.of("started", "cancelRequested", "ended")),
                byId.values().stream()
                        .map(verbs -> verbs.size() == 2 ? verbs.stream().sorted().toList() : verbs)
                        .sorted(Comparator.comparing(List::size))
                        .toList());
    }

    private static TaskEvent event(
            String name, Duration waited, boolean begun, Duration ran, End end) {
        return new TaskEvent("task", name, "shop", waited, begun, ran, end, null, null, 1);
    }

    @Test
    void anImpossibleEventIsRefused() {
        Duration zero = Duration.ZERO;
        Duration second = Duration.ofSeconds(1);
        assertEquals(End.SUCCESS, event("a", second, true, second, End.SUCCESS).end());
        assertThrows(IllegalArgumentException.class, () -> event(" ", zero, true, zero, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> event("a", second.negated(), true, zero, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> event("a", zero, true, second.negated(), null));
        assertThrows(NullPointerException.class, () -> event("a", zero, true, zero, End.FAILURE));
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> event("a", zero, false, second, null))
                        .getMessage();
        assertTrue(message.contains("ran must be zero") && message.contains("\"a\""), message);
    }

    /** Spins until the clock has moved on. No test asserts how fast the clock is. */
    private static void spinFor(long nanos) {
        long from = System.nanoTime();
        while (System.nanoTime() - from < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFailureInAnEventStaysUnread() {
        IOException boo = new IOException("boo");
        try (TaskScope scope = open("shop", recorder)) {
            scope.launch(
                    "load",
                    () -> {
                        throw boo;
                    });
            scope.join();
        }
        TaskEvent ended = recorder.only("ended", "load");
        assertEquals(End.FAILURE, ended.end());
        assertSame(boo, ended.exception());
        assertNull(ended.reason());
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(
                List.of(new FailureReport(FailureReport.Kind.UNREAD_FAILURE, "task", "load", boo)),
                reports);
    }

    @Test
    void theListenerReceivesTheFirstCancelOnItsThreadAndThenTheEnd() {
        Gate gate = new Gate();
        try (TaskScope scope = open("shop", recorder)) {
            Task<Void> load = scope.launch("load", gate::pass);
            gate.awaitReached();
            load.cancel("first");
            load.cancel("second");
            scope.cancel("third");
            load.joinOutcome();
        }
        assertEquals(List.of("started", "cancelRequested", "ended"), recorder.of("load"));
        TaskEvent request = recorder.only("cancelRequested", "load");
        assertEquals("first", request.reason());
        assertTrue(request.begun());
        assertNull(request.end());
        assertSame(
                Thread.currentThread(),
                recorder.steps(step -> step.is("cancelRequested", "load")).get(0).thread());
        TaskEvent ended = recorder.only("ended", "load");
        assertEquals(End.CANCELLED, ended.end());
        assertEquals("first", ended.reason());
        assertTrue(ended.exception().getMessage().contains("first"));
    }

    @Test
    void aBodyThatNeverBeganHasAnEndEventAndNoStartEvent() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .executor(queue::add)
                                .taskListener(recorder)
                                .open())) {
            scope.launch("load", () -> {}).cancel("not wanted");
            queue.get(0).run();
            scope.cancel("closing time");
            scope.launch("late", () -> {});
        }
        for (String name : List.of("load", "late")) {
            assertEquals(List.of("cancelRequested", "ended"), recorder.of(name));
            TaskEvent ended = recorder.only("ended", name);
            assertEquals(End.CANCELLED, ended.end());
            assertFalse(ended.begun());
            assertEquals(Duration.ZERO, ended.ran());
        }
        assertEquals("not wanted", recorder.only("cancelRequested", "load").reason());
        assertEquals("closing time", recorder.only("ended", "late").reason());
    }

    @Test
    void aBodyThatTheExecutorRefusesHasFailed() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .taskListener(recorder)
                                .executor(
                                        body -> {
                                            throw full;
                                        })
                                .open())) {
            assertSame(full, scope.launch("load", () -> {}).joinOutcome().exceptionOrNull());
        }
        assertEquals(List.of("ended"), recorder.of("load"));
        assertEquals(End.FAILURE, recorder.only("ended", "load").end());
        assertSame(full, recorder.only("ended", "load").exception());
    }

    @Test
    void theListenerReceivesTheChildrenOfAGroupButNotTheGroup() {
        try (TaskScope scope = open("shop", recorder)) {
            scope.gather(List.of(1, 2, 3), i -> i).concurrency(1).named("prices").all().join();
            Gate gate = new Gate();
            Future<?> group =
                    scope.gather(
                                    List.of(1, 2),
                                    i -> {
                                        gate.pass();
                                        return i;
                                    })
                            .concurrency(1)
                            .named("slow")
                            .all();
            gate.awaitReached();
            group.cancel("too slow");
            group.joinOutcome();
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of("started", "ended"), recorder.of("prices[" + i + "]"));
        }
        assertEquals(List.of("started", "cancelRequested", "ended"), recorder.of("slow[0]"));
        assertEquals("too slow", recorder.only("cancelRequested", "slow[0]").reason());
        assertEquals(List.of(), recorder.of("slow[1]"), "it has never had a permit");
        assertEquals(List.of(), recorder.of("prices"));
    }

    @Test
    void onlyDerivedFuturesWhoseFunctionRunsHaveEvents() {
        try (TaskScope scope = open("shop", recorder)) {
            scope.launch(
                            "outer",
                            () -> {
                                Promise<Integer> promise = Promise.create();
                                Future<Integer> mapped = promise.map(i -> i + 1);
                                Future<Integer> never = mapped.recover(failure -> 0);
                                Future<Integer> flat =
                                        never.flatMap(
                                                i ->
                                                        Task.sleep(Duration.ofNanos(1))
                                                                .map(none -> i));
                                promise.complete(1);
                                assertEquals(2, flat.join());
                            })
                    .join();
        }
        List<String> labels =
                recorder.steps(step -> step.verb().equals("ended")).stream()
                        .map(step -> step.event().label().replaceAll("-\\d+", ""))
                        .sorted()
                        .toList();
        assertEquals(
                List.of(
                        "future \"promise.map\"",
                        "future \"promise.map.recover.flatMap\"",
                        "future \"sleep.map\"",
                        "task \"outer\""),
                labels);
        recorder.steps(step -> step.verb().equals("ended"))
                .forEach(step -> assertEquals(End.SUCCESS, step.event().end()));
        assertEquals(4, recorder.steps(step -> step.verb().equals("started")).size());
    }

    @Test
    void theListenerReceivesARunOnTheThreadOfItsCaller() {
        try (TaskScope scope = open("shop", recorder)) {
            scope.launch("outer", () -> TaskScope.run("inner", inner -> "value")).join();
        }
        assertEquals(List.of("started", "ended"), recorder.of("inner"));
        assertEquals("inner", recorder.only("ended", "inner").scope());
        assertSame(
                recorder.steps(step -> step.is("started", "outer")).get(0).thread(),
                recorder.steps(step -> step.is("ended", "inner")).get(0).thread());
    }

    @Test
    void innerScopesInheritTheListenerUnlessTheyHaveTheirOwn() {
        RecordingListener own = new RecordingListener();
        try (TaskScope scope = open("shop", recorder)) {
            scope.launch(
                            "outer",
                            () -> {
                                try (TaskScope inherits = TaskScope.open("inherits");
                                        TaskScope has =
                                                TaskScope.builder()
                                                        .name("has")
                                                        .taskListener(own)
                                                        .open()) {
                                    inherits.launch("a", () -> {}).join();
                                    has.launch("b", () -> {}).join();
                                }
                            })
                    .join();
        }
        assertEquals(List.of("started", "ended"), recorder.of("a"));
        assertEquals("inherits", recorder.only("started", "a").scope());
        assertEquals(List.of(), recorder.of("b"));
        assertEquals(List.of("started", "ended"), own.of("b"));
        assertThrows(NullPointerException.class, () -> TaskScope.builder().taskListener(null));
    }

    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    @Rule(13)
    void anExceptionOfAListenerIsReportedAndChangesNothing() {
        TaskListener rude =
                new TaskListener() {
                    @Override
                    public void started(TaskEvent event) {
                        throw new Thrown();
                    }

                    @Override
                    public void ended(TaskEvent event) {
                        throw new Thrown();
                    }

                    @Override
                    public void cancelRequested(TaskEvent event) {
                        throw new Thrown();
                    }
                };
        Gate gate = new Gate();
        try (TaskScope scope = open("shop", rude)) {
            assertEquals("value", scope.start("load", () -> "value").join());
            Task<Void> stopped = scope.launch("stopped", gate::pass);
            gate.awaitReached();
            assertInstanceOf(Outcome.Cancelled.class, stopped.cancelAndJoin("enough"));
            assertEquals("value", scope.start("next", () -> "value").join());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(7, reports.size(), reports::toString);
        for (FailureReport report : reports) {
            assertEquals(FailureReport.Kind.LISTENER_FAILED, report.kind());
            assertEquals(Thrown.class, report.exception().getClass());
        }
        assertEquals("task \"load\": a task listener threw", reports.get(0).message());
    }

    @Test
    void closeReturnsAfterTheListenerHasReceivedTheLastEnd() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        TaskListener slow =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        gate.passUninterruptibly();
                        trail.add("received");
                    }
                };
        TaskScope scope = open("shop", slow);
        Task<String> task = scope.start("load", () -> "value");
        assertEquals("value", task.join(), "the value is there before the event");
        gate.awaitReached();
        Thread closer =
                new Thread(
                        () -> {
                            scope.close();
                            trail.add("closed");
                        });
        closer.start();
        while (scope.isOpen()) {
            Thread.onSpinWait();
        }
        gate.open();
        trail.await("closed");
        trail.assertSteps("received", "closed");
    }

    @Test
    void aListenerThatWaitsForItsOwnScopeGetsAnException() {
        AtomicReference<TaskScope> shop = new AtomicReference<>();
        TaskListener waits =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        assertNull(Task.current());
                        shop.get().join();
                    }
                };
        try (TaskScope scope = open("shop", waits)) {
            shop.set(scope);
            scope.launch("load", () -> {});
        }
        FailureReport report = leaks.takeReports().get(0);
        assertTrue(report.exception() instanceof IllegalStateException, report::toString);
        String message = report.exception().getMessage();
        assertTrue(message.contains("a task listener of scope \"shop\" would wait"), message);
    }

    @Test
    void aListenerMayStartAndCancelTasks() {
        List<Runnable> queue = new ArrayList<>();
        AtomicReference<TaskScope> shop = new AtomicReference<>();
        TaskListener busy =
                new TaskListener() {
                    @Override
                    public void cancelRequested(TaskEvent event) {
                        if (event.name().equals("a")) {
                            shop.get().cancel("all of it");
                        }
                    }
                };
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("shop")
                                .executor(queue::add)
                                .taskListener(busy)
                                .open())) {
            shop.set(scope);
            Task<Void> a = scope.launch("a", () -> {});
            Task<Void> b = scope.launch("b", () -> {});
            a.cancel("this one");
            assertTrue(a.joinOutcome().toString().contains("this one"));
            assertTrue(b.joinOutcome().toString().contains("all of it"));
        }
    }
}
