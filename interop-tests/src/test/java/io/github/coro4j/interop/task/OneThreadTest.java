package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R25: on a user's executor with a single thread, a body that waits runs the bodies that it waits for. */
class OneThreadTest extends OnOneThread {
    @Test
    @Rule(25)
    void bodiesMayWaitForBodiesTwoHundredDeep() {
        try (TaskScope scope = open()) {
            assertEquals(200, depth(200, scope));
        }
    }

    private static int depth(int levels, TaskScope scope) {
        if (levels == 0) {
            return 0;
        }
        return scope.start(() -> depth(levels - 1, scope)).join() + 1;
    }

    // The tasks of the scope wait for a body in the queue of the waiter's own executor.
    @Test
    @Rule(25)
    void aBodyMayJoinAScopeWhoseTasksWaitForTheSameThread() {
        try (TaskScope scope = open()) {
            Task<String> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<String> queued = Task.start("queued", () -> "ran");
                                // The main body does not wait for this group, so the end of the run
                                // waits for it.
                                return TaskScope.run(
                                        "inner",
                                        inner -> {
                                            Gather.of(queued).all();
                                            return "over";
                                        });
                            });
            assertEquals("over", outer.join());
        }
    }

    // Functions of derived futures are bodies too, and need the only thread.
    @Test
    @Rule(25)
    void aBodyMayWaitForDerivedFutures() {
        try (TaskScope scope = open()) {
            Task<String> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Future<Integer> mapped =
                                        Task.start(() -> 20).map(i -> i + 1).map(i -> i * 2);
                                Future<String> flat =
                                        mapped.flatMap(i -> Task.start(() -> "value " + i));
                                Future<String> recovered =
                                        flat.<String>map(
                                                        text -> {
                                                            throw new IOException(text);
                                                        })
                                                .recover(
                                                        exception ->
                                                                exception.getMessage()
                                                                        + " recovered");
                                return recovered.shield().join();
                            });
            assertEquals("value 42 recovered", outer.join());
        }
    }

    // A scope inside a task inherits the executor, and so the only thread.
    @Test
    @Rule(25)
    void aBodyMayOpenAScopeAndWaitForItsTasks() {
        try (TaskScope scope = open()) {
            Task<List<Integer>> outer =
                    scope.start(
                            "outer",
                            () -> {
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    Task<Integer> child =
                                            inner.start(() -> inner.start(() -> 1).join() + 1);
                                    Future<List<Integer>> group =
                                            inner.gather(List.of(child.join()), i -> i + 1).all();
                                    inner.launch("not waited for", () -> {});
                                    inner.join();
                                    return group.join();
                                }
                            });
            assertEquals(List.of(3), outer.join());
        }
    }

    @Test
    @Rule(25)
    void aBodyMayRunAScope() {
        Trail trail = new Trail();
        try (TaskScope scope = open()) {
            Task<Integer> outer =
                    scope.start(
                            "outer",
                            () ->
                                    TaskScope.run(
                                            "inner",
                                            inner -> {
                                                inner.launch(
                                                        "left over",
                                                        () -> trail.add("left over ran"));
                                                return inner.start(() -> 1).join();
                                            }));
            assertEquals(1, outer.join());
        }
        trail.assertSteps("left over ran");
    }

    // The close cancels bodies that have not begun, so no body has to run.
    @Test
    @Rule(25)
    void aBodyMayCloseAScopeWhoseTasksHaveNotBegun() {
        Trail trail = new Trail();
        try (TaskScope scope = open()) {
            Task<Boolean> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<Void> child;
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    child = inner.launch(() -> trail.add("ran"));
                                }
                                return child.isCancelled();
                            });
            assertTrue(outer.join());
        }
        trail.assertSteps();
    }

    @Test
    @Rule(25)
    void failureOfAHelpedBody_isTheSameException() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = open()) {
            Task<Throwable> outer =
                    scope.start(
                            "outer",
                            () ->
                                    Task.start(
                                                    "inner",
                                                    () -> {
                                                        throw boom;
                                                    })
                                            .joinOutcome()
                                            .exceptionOrNull());
            assertSame(boom, outer.join());
        }
    }

    // The waiting body sees its cancel late, but does see it. The cancel does not interrupt the
    // inner body instead, which another thread has started.
    @Test
    @Rule(25)
    void cancelOfTheWaitingTask_isSeenOnceTheInnerBodyHasEnded() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = open()) {
            Promise<Task<Void>> inner = Promise.create();
            Task<Void> outer =
                    scope.launch(
                            "outer",
                            () -> {
                                inner.join().join();
                                Task.checkCancelled();
                                trail.add("outer did not see the cancel");
                            });
            inner.complete(
                    scope.launch(
                            "inner",
                            () -> {
                                gate.passUninterruptibly();
                                trail.add(
                                        "inner interrupted: "
                                                + Thread.currentThread().isInterrupted());
                            }));
            gate.awaitReached();
            assertTrue(outer.cancel("not wanted"));
            assertFalse(outer.isDone());
            gate.open();
            outer.joinOutcome();
            assertTrue(outer.isCancelled());
            assertTrue(inner.join().isDone());
            assertFalse(inner.join().isCancelled());
            trail.assertSteps("inner interrupted: false");
        }
    }

    // The interrupt of the inner body does not reach the outer body.
    @Test
    @Rule(5)
    void cancelOfTheInnerTask_doesNotReachTheOuterTask() {
        Gate never = new Gate();
        Promise<Task<?>> inner = Promise.create();
        try (TaskScope scope = open()) {
            Task<Boolean> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<Void> child = Task.launch("inner", never::pass);
                                inner.complete(child);
                                child.joinOutcome();
                                return Thread.currentThread().isInterrupted();
                            });
            never.awaitReached();
            inner.join().cancel("not wanted");
            assertFalse(outer.join());
            assertTrue(inner.join().isCancelled());
        }
    }
}
