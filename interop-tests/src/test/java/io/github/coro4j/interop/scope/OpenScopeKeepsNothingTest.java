package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A scope that stays open keeps nothing of its finished children: neither what they held, nor the callbacks and derived
 * futures that other code added to them.
 */
class OpenScopeKeepsNothingTest {
    private static final Duration LONG = Duration.ofDays(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The ways in which a task that has begun ends. */
    enum End {
        SUCCESS(false) {
            @Override
            Object finish(Gate gate, DroppedObjects dropped) throws Exception {
                gate.pass();
                return dropped.object("result");
            }
        },
        FAILURE(false) {
            @Override
            Object finish(Gate gate, DroppedObjects dropped) throws Exception {
                gate.pass();
                throw dropped.add("exception", new IOException("read"));
            }
        },
        CANCELLED(true) {
            @Override
            Object finish(Gate gate, DroppedObjects dropped) throws Exception {
                gate.pass();
                throw new AssertionError("went on");
            }
        },
        SWALLOWED(true) {
            @Override
            Object finish(Gate gate, DroppedObjects dropped) {
                try {
                    gate.pass();
                    throw new AssertionError("went on");
                } catch (InterruptedException e) {
                    return dropped.object("result that no code gets");
                }
            }
        },
        CLEAN_UP_FAILED(true) {
            @Override
            Object finish(Gate gate, DroppedObjects dropped) throws Exception {
                try {
                    gate.pass();
                    throw new AssertionError("went on");
                } catch (InterruptedException e) {
                    throw dropped.add("exception of the clean-up", new IOException("clean-up"));
                }
            }
        };

        final boolean isByCancel;

        End(boolean isByCancel) {
            this.isByCancel = isByCancel;
        }

        abstract Object finish(Gate gate, DroppedObjects dropped) throws Exception;

        /** Lets the body, which waits at the gate, end. */
        void bring(Future<?> future, Gate gate) {
            gate.awaitReached();
            if (isByCancel) {
                future.cancel("enough");
            } else {
                gate.open();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatHasRunIsCollected(End end) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            playTask(end, scope, dropped);
            dropped.awaitCollected(() -> throwOnEachThread(scope));
            assertEquals(Set.of(), scope.tasks());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatHasRunInTheGlobalScopeIsCollected(End end) {
        DroppedObjects dropped = new DroppedObjects();
        playTask(end, TaskScope.global(), dropped);
        dropped.awaitCollected(() -> throwOnEachThread(TaskScope.global()));
    }

    @ParameterizedTest
    @EnumSource
    void aGroupIsCollected(End end) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            playGroup(end, 1, scope, dropped);
            playGroup(end, 2, scope, dropped);
            dropped.awaitCollected(() -> throwOnEachThread(scope));
        }
    }

    @Test
    void anInnerScopeIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> playInnerScopes(dropped)).join();
            dropped.awaitCollected();
        }
    }

    private static void playTask(End end, TaskScope scope, DroppedObjects dropped) {
        Gate gate = new Gate();
        Object held = dropped.object("what the body held");
        Task<Object> task =
                scope.start(
                        dropped.add("name", new String("named")),
                        () -> {
                            assertNotNull(held);
                            return end.finish(gate, dropped);
                        });
        dropped.add("task", task);
        gate.awaitReached();
        Trail trail = new Trail();
        List<Future<?>> followers = addFollowers(task, scope, trail, dropped);
        assertThrows(TimeoutException.class, () -> task.join(Duration.ZERO));
        end.bring(task, gate);
        task.joinOutcome();
        for (Future<?> each : followers) {
            each.joinOutcome();
        }
        trail.await("called");
        trail.await("called here");
    }

    /** Adds callbacks and a derived future of each kind to the future. */
    private static List<Future<?>> addFollowers(
            Future<Object> future, TaskScope scope, Trail trail, DroppedObjects dropped) {
        Object held = dropped.object("what the functions held");
        future.addDoneCallback(done -> trail.add(held == done ? held : "called"));
        future.addDoneCallback(
                done -> trail.add(held == done ? held : "called here"), Runnable::run);
        future.addDoneCallback(done -> trail.add(held)).remove();
        CompletableFuture<Object> view =
                dropped.add("CompletableFuture", future.toCompletableFuture());
        List<Future<?>> followers = new ArrayList<>();
        followers.add(dropped.add("map", future.map(value -> List.of(held, value))));
        followers.add(dropped.add("flatMap", future.flatMap(value -> future.map(v -> held))));
        followers.add(dropped.add("recover", future.recover(failure -> held)));
        followers.add(dropped.add("orTimeout", future.orTimeout(LONG)));
        followers.add(dropped.add("completeOnTimeout", future.completeOnTimeout(held, LONG)));
        followers.add(dropped.add("shield", future.shield()));
        followers.add(dropped.add("from", Future.from(view)));
        followers.add(inside(scope, dropped, "all", () -> Gather.of(future, future).all()));
        followers.add(inside(scope, dropped, "failFast", () -> Gather.of(future).failFast()));
        followers.add(inside(scope, dropped, "settled", () -> Gather.of(future).settled()));
        return followers;
    }

    private static Future<?> inside(
            TaskScope scope, DroppedObjects dropped, String name, Callable<Future<?>> maker) {
        return dropped.add(name, scope.<Future<?>>start("maker", maker).join());
    }

    /**
     * A thread of HotSpot may keep the last exception that was thrown on it, and no heap dump shows the reference (in
     * one round of a hundred, on JDK 17). So this method throws another exception on each thread.
     */
    private static void throwOnEachThread(TaskScope scope) {
        int threads = 8;
        CountDownLatch all = new CountDownLatch(threads);
        List<Task<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            tasks.add(
                    scope.start(
                            () -> {
                                all.countDown();
                                all.await();
                                throw new IOException("another one");
                            }));
        }
        tasks.forEach(Task::joinOutcome);
    }

    private static void playGroup(End end, int limit, TaskScope scope, DroppedObjects dropped) {
        Gate gate = new Gate();
        List<Object> items = List.of(dropped.object("item 0"), dropped.object("item 1"));
        Object held = dropped.object("what the body held");
        Future<List<Outcome<Object>>> group =
                scope.gather(
                                items,
                                item -> {
                                    assertNotNull(held);
                                    return end.finish(gate, dropped);
                                })
                        .concurrency(limit)
                        .settled();
        dropped.add("group", group);
        while (scope.tasks().size() < limit) {
            Thread.onSpinWait(); // a child becomes a task once a thread runs it
        }
        Set<Task<?>> children = scope.tasks();
        for (Task<?> child : children) {
            dropped.add("child", child);
        }
        end.bring(group, gate);
        assertEquals(end.isByCancel, group.joinOutcome() instanceof Outcome.Cancelled);
        for (Task<?> child : children) {
            child.joinOutcome();
        }
    }

    private static void playInnerScopes(DroppedObjects dropped) {
        try (TaskScope inner = dropped.add("inner scope", TaskScope.open("inner"))) {
            inner.launch(() -> {});
        }
        TaskScope.run(
                "run",
                scope -> {
                    dropped.add("scope of the run", scope);
                    return dropped.object("result of the run");
                });
        try (TaskScope cancelled = dropped.add("cancelled scope", TaskScope.open("cancelled"))) {
            cancelled.launch(() -> new Gate().pass());
            cancelled.cancel("enough");
        }
    }
}
