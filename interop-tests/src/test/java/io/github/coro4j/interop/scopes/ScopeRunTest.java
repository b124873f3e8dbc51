package io.github.coro4j.interop.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import io.github.coro4j.interop.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R23: {@code TaskScope.run}, a main body and then its tasks. */
class ScopeRunTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // S-230
    @Test
    void theValueOfTheBodyIsTheValueOfTheRun() {
        int total =
                TaskScope.run(
                        "sum",
                        scope -> {
                            Task<Integer> a = scope.start(() -> 20);
                            Task<Integer> b = scope.start(() -> 22);
                            return a.join() + b.join();
                        });
        assertEquals(42, total);
        assertNull(TaskScope.<String>run("nothing", scope -> null));
    }

    // S-230
    @Test
    void whatTheBodyThrowsIsTheCauseOfWhatTheRunThrows() {
        for (Throwable thrown :
                List.of(
                        new IOException("checked"),
                        new IllegalStateException("unchecked"),
                        new LinkageError("error"))) {
            CompletionException wrapper =
                    assertThrows(
                            CompletionException.class,
                            () ->
                                    TaskScope.run(
                                            "main",
                                            scope -> {
                                                if (thrown instanceof Exception exception) {
                                                    throw exception;
                                                }
                                                throw (Error) thrown;
                                            }));
            assertSame(thrown, wrapper.getCause());
        }
    }

    @Test
    void theBodyIsATaskOnTheCallingThread() {
        Thread caller = Thread.currentThread();
        assertNull(Task.current());
        TaskScope.run(
                "main",
                scope -> {
                    assertSame(caller, Thread.currentThread());
                    assertEquals("main", scope.name());
                    Task<?> main = Task.current();
                    assertEquals("main", main.name());
                    assertSame(scope, main.scope());
                    assertFalse(main.isDone());
                    assertSame(scope, Task.start(() -> "child").scope());
                    return null;
                });
        assertNull(Task.current());
    }

    // S-210: a difference to asyncio.run, which cancels them
    @Test
    void tasksThatAreLeftAreWaitedFor() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        String value =
                TaskScope.run(
                        "main",
                        scope -> {
                            Task<?> main = Task.current();
                            scope.launch(
                                    "opener",
                                    () -> {
                                        main.join();
                                        trail.add("body ended");
                                        gate.open();
                                    });
                            scope.launch(
                                    "slow",
                                    () -> {
                                        gate.pass();
                                        trail.add("slow ended");
                                    });
                            return "value";
                        });
        trail.add("run returned");
        assertEquals("value", value);
        trail.assertSteps("body ended", "slow ended", "run returned");
    }

    // S-211: children of children too, also when the body has long ended
    @Test
    void tasksThatAreStartedMeanwhileAreWaitedForToo() {
        Trail trail = new Trail();
        TaskScope.run(
                "main",
                scope -> {
                    Task<?> main = Task.current();
                    scope.launch(
                            "child",
                            () -> {
                                main.join();
                                Task.launch(
                                        "grandchild",
                                        () -> {
                                            Task.launch(
                                                    "great-grandchild",
                                                    () -> trail.add("great-grandchild ended"));
                                            trail.add("grandchild started it");
                                        });
                            });
                    return null;
                });
        assertEquals(2, trail.steps().size());
    }

    // S-214, S-232
    @Test
    void aThrowingBodyCancelsItsTasksAndWaitsForThem() {
        IOException boom = new IOException("boom");
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        Promise<Task<?>> child = Promise.create();
        Thread opener =
                new Thread(
                        () -> {
                            cleanUp.awaitReached();
                            cleanUp.open();
                        });
        opener.start();
        CompletionException wrapper =
                assertThrows(
                        CompletionException.class,
                        () ->
                                TaskScope.run(
                                        "main",
                                        scope -> {
                                            child.complete(
                                                    scope.launch(
                                                            "child",
                                                            () -> {
                                                                try {
                                                                    never.pass();
                                                                } finally {
                                                                    cleanUp.passUninterruptibly();
                                                                    trail.add("child cleaned up");
                                                                }
                                                            }));
                                            never.awaitReached();
                                            throw boom;
                                        }));
        trail.add("run threw");
        assertSame(boom, wrapper.getCause());
        assertTrue(child.join().isCancelled());
        trail.assertSteps("child cleaned up", "run threw");
    }

    // S-220, unlike asyncio: the body sees the child's error, not a cancellation
    @Test
    void aBodyThatWaitsForAFailingChildSeesTheChildsError() {
        IOException boom = new IOException("boom");
        String seen =
                TaskScope.run(
                        "main",
                        scope -> {
                            Task<String> child =
                                    scope.start(
                                            () -> {
                                                throw boom;
                                            });
                            CompletionException wrapper =
                                    assertThrows(CompletionException.class, child::join);
                            assertSame(boom, wrapper.getCause());
                            return "went on";
                        });
        assertEquals("went on", seen);
    }

    // S-215: nor does a failure or a cancelled child end the run
    @Test
    void failingAndCancelledChildrenDoNotEndTheRun() {
        IOException boom = new IOException("boom");
        String value =
                TaskScope.run(
                        "main",
                        scope -> {
                            Gate never = new Gate();
                            Task<Void> stopped = scope.launch("stopped", never::pass);
                            never.awaitReached();
                            stopped.cancel("not wanted");
                            scope.launch(
                                    "unread",
                                    () -> {
                                        throw boom;
                                    });
                            return "value";
                        });
        assertEquals("value", value);
        // S-233, R16: and what nobody read is logged, with the child's name
        List<LogRecord> lines = leaks.takeLogged();
        assertEquals(1, lines.size());
        assertEquals(Level.SEVERE, lines.get(0).getLevel());
        assertTrue(lines.get(0).getMessage().contains("unread"), lines.get(0)::getMessage);
        assertSame(boom, lines.get(0).getThrown());
    }

    @Test
    void cancellingTheScopeIsCancellingTheRun() {
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

    // R7, for the main body
    @Test
    void aBodyThatSwallowsTheCancelIsStillCancelled() {
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

    // R5: a child can stop a main body that blocks, and the interrupt stays inside
    @Test
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

    // S-239: an interrupt of the caller while the body blocks
    @Test
    void anInterruptOfTheCallerEndsABlockedBodyAndItsTasks() {
        Thread caller = Thread.currentThread();
        Gate never = new Gate();
        Gate alsoNever = new Gate();
        Promise<Task<?>> child = Promise.create();
        CompletionException wrapper =
                assertThrows(
                        CompletionException.class,
                        () ->
                                TaskScope.run(
                                        "main",
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
                                        }));
        Thread.interrupted();
        assertInstanceOf(InterruptedException.class, wrapper.getCause());
        assertTrue(child.join().isCancelled());
    }

    // S-240: if the body swallows the interrupt, the run goes on as if nothing had been
    @Test
    void aBodyMaySwallowAnInterruptOfTheCaller() {
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

    // S-239: an interrupt of the caller while the run waits for the tasks
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

    // S-231: refused by asyncio; here it nests
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
            assertTrue(leaf.join().isDone(), "S-216: not before the child has ended");
            assertEquals(
                    "page closed",
                    assertInstanceOf(TaskCancelledException.class, leaf.join().exception())
                            .reason());
        }
    }

    // S-216: cancelling only the task around the run
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

    // R25: the main task may not wait for itself either
    @Test
    void theMainTaskCannotWaitForItself() {
        DeadlockException refusal =
                TaskScope.run(
                        "main",
                        scope ->
                                assertThrows(DeadlockException.class, () -> Task.current().join()));
        assertEquals(List.of("main"), refusal.circle());
    }

    // S-244: a scope outlives several blocking calls, and its tasks go on between them
    @Test
    void tasksOfAScopeGoOnBetweenTwoRuns() {
        Gate never = new Gate();
        Trail trail = new Trail();
        Promise<String> first = Promise.create();
        Task<Void> background;
        try (TaskScope scope = leaks.open("long")) {
            background =
                    scope.launch(
                            "background",
                            () -> {
                                trail.add(first.join());
                                never.pass();
                            });
            TaskScope.run("first", inner -> first.complete("from the first run"));
            trail.await("from the first run");
            never.awaitReached();
            TaskScope.run("second", inner -> background.isDone() ? "ended" : "runs");
            assertFalse(background.isDone());
        }
        assertTrue(background.isCancelled());
    }
}
