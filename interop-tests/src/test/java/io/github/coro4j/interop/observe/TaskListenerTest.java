package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskEvent.End;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task listener receives the steps of each body in order, also of a body that never began, and of no group. */
@Timeout(60)
class TaskListenerTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final RecordingListener recorder = new RecordingListener();

    @Test
    void theListenerReceivesTheFirstCancelOnItsThreadAndThenTheEnd() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
            assertSame(full, scope.start("load", () -> 1).joinOutcome().exceptionOrNull());
        }
        assertEquals(List.of("ended"), recorder.of("load"));
        assertEquals(End.FAILURE, recorder.only("ended", "load").end());
        assertSame(full, recorder.only("ended", "load").exception());
    }

    @Test
    void theListenerReceivesTheChildrenOfAGroupButNotTheGroup() {
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
        try (TaskScope scope = leaks.open("shop", recorder)) {
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
}
