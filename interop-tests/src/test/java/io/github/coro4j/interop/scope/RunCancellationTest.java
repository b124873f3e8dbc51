package io.github.coro4j.interop.scope;

import static io.github.coro4j.interop.scope.RunFailureTest.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code TaskScope.run} ends if its scope or its task is cancelled, or its thread is interrupted (R4, R5, R23). */
class RunCancellationTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void cancellingTheScopeCancelsTheRun() {
        CancellationException thrown =
                assertThrows(
                        CancellationException.class,
                        () ->
                                TaskScope.run(
                                        "main",
                                        scope -> {
                                            scope.cancel("enough");
                                            Task.checkCancelled();
                                            return "never";
                                        }));
        assertTrue(thrown.getMessage().contains("main"), thrown::getMessage);
        assertTrue(thrown.getMessage().contains("enough"), thrown::getMessage);
    }

    @Test
    @Rule(7)
    void aMainBodyThatIgnoresTheCancelIsStillCancelled() {
        CancellationException thrown =
                assertThrows(
                        CancellationException.class,
                        () ->
                                TaskScope.run(
                                        "main",
                                        scope -> {
                                            scope.cancel("enough");
                                            return "anyway";
                                        }));
        assertTrue(thrown.getMessage().contains("enough"), thrown::getMessage);
    }

    // A child stops a main body that blocks, and the caller sees no interrupt.
    @Test
    @Rule(5)
    void aBlockedBodyIsInterruptedByACancelOfItsScope() {
        Gate never = new Gate();
        assertThrows(
                CancellationException.class,
                () ->
                        TaskScope.run(
                                "main",
                                scope -> {
                                    scope.launch(
                                            "stopper",
                                            () -> {
                                                never.awaitReached();
                                                scope.cancel("enough");
                                            });
                                    never.pass();
                                    return "never";
                                }));
        assertFalse(Thread.interrupted(), "the interrupt leaked into the caller");
    }

    // The caller is interrupted while the body blocks.
    @Test
    void anInterruptOfTheCallerEndsABlockedBodyAndItsTasks() {
        Thread caller = Thread.currentThread();
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        Promise<Task<?>> child = Promise.create();
        CompletionException wrapper =
                failureOf(
                        scope -> {
                            child.complete(scope.launch("child", alsoNever::pass));
                            alsoNever.awaitReached();
                            scope.launch(
                                    "interrupter",
                                    () -> {
                                        never.awaitReached();
                                        caller.interrupt();
                                    });
                            never.pass();
                            return "never";
                        });
        Thread.interrupted();
        assertInstanceOf(InterruptedException.class, wrapper.getCause());
        assertTrue(child.join().isCancelled());
    }

    // If the body clears the interrupt flag, the run goes on.
    @Test
    void aBodyMayClearAnInterruptOfTheCaller() {
        String value =
                TaskScope.run(
                        "main",
                        scope -> {
                            Task<String> child = scope.start(() -> "child");
                            Thread.currentThread().interrupt();
                            assertTrue(Thread.interrupted());
                            return child.join();
                        });
        assertEquals("child", value);
    }

    // The caller is interrupted while the run waits for the tasks.
    @Test
    void anInterruptWhileTheRunWaitsForItsTasksCancelsThem() {
        Thread caller = Thread.currentThread();
        Gate never = new Gate();
        Promise<Task<?>> child = Promise.create();
        WaitInterruptedException thrown =
                assertThrows(
                        WaitInterruptedException.class,
                        () ->
                                TaskScope.run(
                                        "main",
                                        scope -> {
                                            Task<?> main = Task.current();
                                            child.complete(
                                                    scope.launch(
                                                            "child",
                                                            () -> {
                                                                main.join();
                                                                caller.interrupt();
                                                                never.pass();
                                                            }));
                                            return "value";
                                        }));
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        assertTrue(thrown.getMessage().contains("main"), thrown::getMessage);
        assertTrue(child.join().isCancelled());
    }

    // Asyncio refuses this; here a run nests.
    @Test
    void aRunInsideATaskIsPartOfThatTasksScope() {
        Gate never = new Gate();
        Promise<Task<?>> leaf = Promise.create();
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> nested =
                    outer.start(
                            "nested",
                            () -> {
                                Task<?> around = Task.current();
                                String value =
                                        TaskScope.run(
                                                "inner",
                                                inner -> {
                                                    assertEquals("inner", Task.current().name());
                                                    return inner.start(
                                                                    () ->
                                                                            Task.current()
                                                                                    .scope()
                                                                                    .name())
                                                            .join();
                                                });
                                assertSame(around, Task.current());
                                return value;
                            });
            assertEquals("inner", nested.join());

            Task<Object> stopped =
                    outer.start(
                            "stopped",
                            () ->
                                    TaskScope.run(
                                            "inner",
                                            inner -> {
                                                leaf.complete(inner.launch("leaf", never::pass));
                                                inner.launch("other", () -> {});
                                                return leaf.join().joinOutcome();
                                            }));
            never.awaitReached();
            outer.cancel("page closed");
            stopped.joinOutcome();
            assertTrue(stopped.isCancelled());
            assertTrue(leaf.join().isDone(), "the run ended before its child");
            assertEquals(
                    "page closed",
                    assertInstanceOf(TaskCancelledException.class, leaf.join().exception())
                            .reason());
        }
    }

    // In whatever order the cancel reaches the tasks, they all end for the same reason.
    @Test
    @Rule({4, 7})
    void cancellingTheScopeCancelsEveryLevelForTheSameReason() {
        for (int round = 0; round < 300; round++) {
            Gate never = new Gate();
            Gate alsoNever = new Gate();
            Promise<Task<?>> leaf = Promise.create();
            Promise<Task<?>> opened = Promise.create();
            try (TaskScope outer = leaks.open("outer")) {
                Task<Object> runs =
                        outer.start(
                                "runs",
                                () ->
                                        TaskScope.run(
                                                "inner",
                                                inner -> {
                                                    leaf.complete(inner.launch(never::pass));
                                                    return leaf.join().joinOutcome();
                                                }));
                Task<Void> opens =
                        outer.launch(
                                "opens",
                                () -> {
                                    try (TaskScope inner = TaskScope.open("inner")) {
                                        opened.complete(inner.launch(alsoNever::pass));
                                        inner.join();
                                    }
                                });
                never.awaitReached();
                alsoNever.awaitReached();
                outer.cancel("page closed");
                for (Task<?> each : List.of(runs, opens, leaf.join(), opened.join())) {
                    each.joinOutcome();
                    assertTrue(each.isCancelled(), each + " in round " + round);
                    assertEquals(
                            "page closed",
                            assertInstanceOf(TaskCancelledException.class, each.exception())
                                    .reason());
                }
            }
        }
    }

    // Only the task around the run is cancelled.
    @Test
    void cancellingTheTaskAroundARunEndsTheRunAndItsTasks() {
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        Promise<Task<?>> leaf = Promise.create();
        try (TaskScope outer = leaks.open("outer")) {
            Task<Object> owner =
                    outer.start(
                            "owner",
                            () ->
                                    TaskScope.run(
                                            "inner",
                                            inner -> {
                                                leaf.complete(inner.launch("leaf", never::pass));
                                                alsoNever.pass();
                                                return null;
                                            }));
            never.awaitReached();
            alsoNever.awaitReached();
            owner.cancelAndJoin("page closed");
            assertTrue(owner.isCancelled());
            assertTrue(leaf.join().isCancelled());
        }
    }
}
