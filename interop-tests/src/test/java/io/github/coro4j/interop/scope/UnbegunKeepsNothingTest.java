package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scope that stays open keeps nothing of a task that ended before its body began. */
class UnbegunKeepsNothingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The queue of the executor may hold the task for ever, but not what the task held. */
    @Test
    void objectsOfATaskThatWasCancelledBeforeItBeganAreCollected() {
        DroppedObjects dropped = new DroppedObjects();
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("open", queue::add)) {
            playUnbegun(scope, dropped);
            assertEquals(1, queue.size());
            dropped.awaitCollected();
        }
    }

    /** The child waits for a permit, so no executor has it yet. */
    @Test
    void aChildThatWasCancelledBeforeItHadAPermitIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("open")) {
            playWithoutPermit(scope, gate, dropped);
            gate.open();
            dropped.awaitCollected();
        }
    }

    @Test
    void aTaskThatTheExecutorRefusedIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope =
                leaks.open(
                        "open",
                        work -> {
                            throw dropped.add("refusal", new RejectedExecutionException("full"));
                        })) {
            playRefused(scope, dropped);
            dropped.awaitCollected();
        }
    }

    private static void playUnbegun(TaskScope scope, DroppedObjects dropped) {
        Object held = dropped.object("what the body held");
        Task<Object> task = scope.start(() -> held);
        Trail trail = new Trail();
        task.addDoneCallback(done -> trail.add(held == done ? held : "called"));
        assertTrue(task.cancel("never mind"));
        assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        trail.await("called");
    }

    private static void playWithoutPermit(TaskScope scope, Gate gate, DroppedObjects dropped) {
        Object held = dropped.object("what the body held");
        List<Object> items = List.of(dropped.object("item 0"), dropped.object("item 1"));
        Future<List<Outcome<Object>>> group =
                scope.gather(
                                items,
                                item -> {
                                    gate.passUninterruptibly();
                                    return held;
                                })
                        .concurrency(1)
                        .settled();
        gate.awaitReached();
        for (Task<?> child : scope.tasks()) {
            dropped.add("child", child).cancel("enough");
        }
        dropped.add("group", group);
    }

    private static void playRefused(TaskScope scope, DroppedObjects dropped) {
        Object held = dropped.object("what the body held");
        Task<Object> task = dropped.add("task", scope.start(() -> held));
        assertInstanceOf(RejectedExecutionException.class, task.joinOutcome().exceptionOrNull());
    }
}
