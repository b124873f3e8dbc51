package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Work starts in the scope of the current task, and an inner scope ends with its outer scope (R23, R24). */
class NestedScopesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(24)
    void aFailureLeavesTheOtherTasksAlone() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("supervisor")) {
            Task<String> sibling =
                    scope.start(
                            "sibling",
                            () -> {
                                gate.pass();
                                return "unharmed";
                            });
            Task<String> failing =
                    scope.start(
                            "failing",
                            () -> {
                                throw new IOException("boom");
                            });
            assertInstanceOf(IOException.class, failing.joinOutcome().exceptionOrNull());
            assertFalse(sibling.isCancelling());
            assertEquals("started after", scope.start(() -> "started after").join());
            gate.open();
            assertEquals("unharmed", sibling.join());
        }
    }

    // A cancelled child or an Error does not stop the others either.
    @Test
    @Rule(24)
    void cancelledChildrenAndErrorsLeaveTheOthersAlone() {
        Gate never = new Gate();
        LinkageError error = new LinkageError("no such class");
        try (TaskScope scope = leaks.open("supervisor")) {
            Task<Void> stopped = scope.launch("stopped", never::pass);
            never.awaitReached();
            stopped.cancelAndJoin("not wanted");
            assertSame(
                    error,
                    scope.start(
                                    () -> {
                                        throw error;
                                    })
                            .joinOutcome()
                            .exceptionOrNull());
            assertEquals("unharmed", scope.start(() -> "unharmed").join());
        }
    }

    @Test
    @Rule(23)
    void insideATaskWorkStartsInThatTasksScope() {
        try (TaskScope scope = leaks.open("outer")) {
            Task<TaskScope> scopeOfStarted =
                    scope.start(() -> Task.start("child", () -> "value").scope());
            assertSame(scope, scopeOfStarted.join());
            Task<TaskScope> deep =
                    scope.start(
                            () ->
                                    Task.start(
                                                    () ->
                                                            Task.start(() -> Task.current().scope())
                                                                    .join())
                                            .join());
            assertSame(scope, deep.join());
        }
    }

    @Test
    @Rule(23)
    void outsideATaskWorkStartsInTheGlobalScopeOnDaemonThreads() {
        Task<Boolean> task = Task.start("global child", () -> Thread.currentThread().isDaemon());
        assertSame(TaskScope.global(), task.scope());
        assertTrue(task.join());
        assertSame(TaskScope.global(), Task.launch(() -> {}).scope());
    }

    // A callback is not part of the body.
    @Test
    @Rule(11)
    void inACallbackWorkStartsInTheGlobalScope() {
        try (TaskScope scope = leaks.open("outer")) {
            Promise<TaskScope> seen = Promise.create();
            scope.start(() -> "value")
                    .addDoneCallback(f -> seen.complete(Task.start(() -> "follow-up").scope()));
            assertSame(TaskScope.global(), seen.join());
        }
    }

    @Test
    @Rule(23)
    void cancellingTheOuterScopeCancelsTheInnerScope() {
        Gate never = new Gate();
        Promise<Task<?>> inside = Promise.create();
        try (TaskScope outer = leaks.open("outer")) {
            outer.launch(
                    "opener",
                    () -> {
                        try (TaskScope inner = TaskScope.open("inner")) {
                            inside.complete(inner.launch("leaf", never::pass));
                            inner.join();
                        }
                    });
            never.awaitReached();
            outer.cancel("page closed");
            Task<?> leaf = inside.join();
            leaf.joinOutcome();
            TaskCancelledException cancellation =
                    assertInstanceOf(TaskCancelledException.class, leaf.exception());
            assertEquals("leaf", cancellation.name());
            assertEquals("page closed", cancellation.reason());
        }
    }

    // The task leaves the inner scope open. That is no leak: it ends with the outer scope.
    @Test
    @Rule(23)
    void closingTheOuterScopeWaitsForTheInnerScope() throws InterruptedException {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        TaskScope outer = leaks.open("outer");
        Task<TaskScope> opener =
                outer.start(
                        "opener",
                        () -> {
                            TaskScope inner = TaskScope.open("inner");
                            inner.launch(
                                    "leaf",
                                    new SlowCleanUp(never, cleanUp)
                                            .then(() -> trail.add("leaf cleaned up")));
                            return inner;
                        });
        TaskScope inner = leaks.opened(opener.join());
        never.awaitReached();
        Thread closer =
                new Thread(
                        () -> {
                            outer.close();
                            trail.add("outer closed");
                        });
        closer.start();
        cleanUp.awaitReached();
        cleanUp.open();
        closer.join();
        trail.assertSteps("leaf cleaned up", "outer closed");
        Task<Void> late = inner.launch("late", () -> trail.add("ran after the end"));
        late.joinOutcome();
        assertTrue(late.isCancelled(), "the inner scope stays cancelled with the outer scope");
        inner.close();
        trail.assertSteps("leaf cleaned up", "outer closed");
    }

    @Test
    void joiningTheOuterScopeWaitsForTheInnerScopeToo() throws InterruptedException {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope outer = leaks.open("outer")) {
            TaskScope inner =
                    leaks.opened(outer.start("opener", () -> TaskScope.open("inner")).join());
            inner.launch(
                    "leaf",
                    () -> {
                        gate.pass();
                        trail.add("leaf ended");
                    });
            gate.awaitReached();
            Thread joiner =
                    new Thread(
                            () -> {
                                outer.join();
                                trail.add("outer joined");
                            });
            joiner.start();
            gate.open();
            joiner.join();
            inner.close();
        }
        trail.assertSteps("leaf ended", "outer joined");
    }

    @Test
    @Rule(24)
    void endingTheInnerScopeLeavesTheOuterScopeAlone() {
        Gate gate = new Gate();
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> sibling =
                    outer.start(
                            "sibling",
                            () -> {
                                gate.pass();
                                return "unharmed";
                            });
            outer.launch(
                            "opener",
                            () -> {
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    inner.cancel("only this one");
                                }
                            })
                    .join();
            assertFalse(sibling.isCancelling());
            gate.open();
            assertEquals("unharmed", sibling.join());
        }
    }
}
