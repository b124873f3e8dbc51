package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskEvent.End;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task event has the name, the scope, the times, the end and the ID of its body. */
@Timeout(60)
class TaskEventTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final RecordingListener recorder = new RecordingListener();

    @Test
    void aBodyIsStartedAndEndedOnItsOwnThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
        try (TaskScope scope = leaks.open("shop", slow)) {
            scope.launch("load", () -> {}).join();
        }
        TaskEvent ended = recorder.only("ended", "load");
        assertEquals(Duration.ZERO, recorder.only("started", "load").ran());
        assertEquals(recorder.only("started", "load").waited(), ended.waited());
        assertTrue(ended.ran().toNanos() <= times[1] - times[0], ended::toString);
    }

    /** Spins until the clock has moved on. No test asserts how fast the clock is. */
    private static void spinFor(long nanos) {
        long from = System.nanoTime();
        while (System.nanoTime() - from < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void allEventsOfABodyHaveTheSameUniqueId() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("shop", recorder)) {
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

    @Test
    void aFailureInAnEventStaysUnread() {
        IOException boo = new IOException("boo");
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
}
