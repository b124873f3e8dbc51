package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code closeAsync} closes a scope, and no thread waits (R23). */
@Rule(23)
class CloseAsyncTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = new Gate();
    private final Gate cleanUp = new Gate();
    private final Trail trail = new Trail();

    @Test
    void itCancelsForTheReasonAndReturnsBeforeTheWorkHasEnded() {
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Future<Void> closed = scope.closeAsync("the page was left");
        assertFalse(closed.isDone());
        assertTrue(slow.isCancelling());
        assertThrows(IllegalStateException.class, () -> scope.start(() -> "late"));
        assertTrue(closed.toString().startsWith("Close \"page\" (pending"), closed::toString);
        cleanUp.open();
        assertNull(closed.join());
        TaskCancelledException end =
                assertInstanceOf(TaskCancelledException.class, slow.exception());
        assertEquals("the page was left", end.reason());
    }

    @RepeatedTest(10)
    void theFutureCompletesAfterTheCallbacksAndTheReports() {
        IOException boom = new IOException("boom");
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("page")
                                .failureListener(report -> trail.add(report.exception()))
                                .open());
        Gate callback = new Gate();
        scope.start("quick", () -> "value")
                .addDoneCallback(
                        f -> {
                            callback.passUninterruptibly();
                            trail.add("callback");
                        });
        Task<Object> failing =
                scope.start(
                        "failing",
                        () -> {
                            throw boom;
                        });
        callback.awaitReached();
        while (scope.tasks().size() > 0) {
            Thread.onSpinWait();
        }
        Future<Void> closed = scope.closeAsync("enough");
        callback.open();
        closed.join();
        trail.add("closed");
        trail.assertSteps("callback", boom, "closed");
        assertTrue(failing.isDone(), "a future that stays reachable is reported by the close");
    }

    @Test
    void aTaskOfTheScopeMayCallIt() {
        TaskScope scope = leaks.open("page");
        Promise<Future<Void>> closing = Promise.create();
        Task<Void> task =
                scope.launch("task", () -> closing.complete(scope.closeAsync("done here")));
        closing.join().join();
        assertTrue(task.isCancelled(), "it returned after the cancel");
    }

    @Test
    void aCallbackOfTheScopeMayCallIt() {
        TaskScope scope = leaks.open("page");
        Promise<Future<Void>> closing = Promise.create();
        scope.start("task", () -> "value")
                .addDoneCallback(f -> closing.complete(scope.closeAsync("done here")));
        assertNull(closing.join().join());
    }

    @Test
    @Rule(25)
    void aTaskOfTheScopeCannotWaitForTheFuture() {
        TaskScope scope = leaks.open("page");
        Promise<DeadlockException> refusal = Promise.create();
        scope.launch(
                "task",
                () -> {
                    Future<Void> closed = scope.closeAsync("done here");
                    refusal.complete(assertThrows(DeadlockException.class, closed::join));
                });
        DeadlockException refused = refusal.join();
        assertEquals(List.of("task \"task\"", "page", "page"), refused.circle());
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "task \"task\" cannot wait for close \"page\": that would close the circle"
                                        + " task \"task\" -> close \"page\" -> scope \"page\" -> task \"task\","),
                refused::getMessage);
        scope.close();
    }

    @Test
    @Rule(25)
    void aTaskOfAnInnerScopeCannotWaitForTheFuture() {
        TaskScope scope = leaks.open("page");
        Promise<DeadlockException> refusal = Promise.create();
        Task<Void> outer =
                scope.launch(
                        "outer",
                        () -> {
                            try (TaskScope inner = TaskScope.open("inner")) {
                                inner.launch(
                                        "task",
                                        () -> {
                                            Future<Void> closed = scope.closeAsync("done here");
                                            refusal.complete(
                                                    assertThrows(
                                                            DeadlockException.class, closed::get));
                                        });
                                never.passUninterruptibly();
                            }
                        });
        refusal.join();
        never.open();
        scope.close();
        assertTrue(outer.isDone());
    }

    @Test
    @Rule(25)
    void aCallbackOfTheScopeCannotWaitForTheFuture() {
        TaskScope scope = leaks.open("page");
        Promise<DeadlockException> refusal = Promise.create();
        scope.start("task", () -> "value")
                .addDoneCallback(
                        f -> {
                            Future<Void> closed = scope.closeAsync("done here");
                            refusal.complete(assertThrows(DeadlockException.class, closed::join));
                        });
        refusal.join();
        scope.close();
    }

    @Test
    @Rule(25)
    void aFailureListenerThatTheCloseCallsCannotWaitForTheFuture() {
        Promise<DeadlockException> refusal = Promise.create();
        Promise<TaskScope> self = Promise.create();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("page")
                                .failureListener(
                                        report -> {
                                            Future<Void> closed = self.join().closeAsync("again");
                                            refusal.complete(
                                                    assertThrows(
                                                            DeadlockException.class, closed::join));
                                        })
                                .open());
        self.complete(scope);
        scope.start(
                "failing",
                () -> {
                    throw new IOException("boom");
                });
        scope.join();
        scope.closeAsync("enough").join();
        refusal.join();
    }

    @RepeatedTest(10)
    void theFutureLivesInTheParent_whichWaitsForItsCallbacks() {
        TaskScope outer = leaks.open("outer");
        TaskScope inner = outer.start(() -> leaks.open("inner")).join();
        inner.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Gate calling = new Gate();
        inner.closeAsync("enough")
                .addDoneCallback(
                        f -> {
                            calling.passUninterruptibly();
                            trail.add("callback");
                        });
        cleanUp.open();
        calling.awaitReached();
        assertFalse(outer.join(Duration.ZERO));
        calling.open();
        outer.close();
        trail.add("closed");
        trail.assertSteps("callback", "closed");
    }

    @Test
    void itMayBeCalledAgain() {
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Future<Void> first = scope.closeAsync("first");
        Future<Void> second = scope.closeAsync("second");
        cleanUp.open();
        first.join();
        second.join();
        assertNull(scope.closeAsync("third").join());
        assertEquals("first", ((TaskCancelledException) slow.exception()).reason());
        scope.close();
    }

    @Test
    void aCancelOfTheFutureLeavesTheCloseAlone() {
        TaskScope scope = leaks.open("page");
        Task<Void> slow = scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Future<Void> closed = scope.closeAsync("enough");
        assertTrue(closed.cancel("not interested"));
        assertTrue(closed.isCancelled());
        assertFalse(slow.isDone());
        cleanUp.open();
        scope.close();
        assertTrue(slow.isDone());
    }

    @RepeatedTest(20)
    void itMayRaceWithAClose() throws Exception {
        TaskScope scope = leaks.open("race");
        Task<Void> task = scope.launch("slow", never::pass);
        never.awaitReached();
        Thread closer = new Thread(scope::close);
        closer.start();
        scope.closeAsync("enough").join();
        assertTrue(task.isDone());
        closer.join();
    }

    @Test
    void theDumpShowsWhatWaitsForIt() {
        TaskScope scope = leaks.open("page");
        scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Future<Void> closed = scope.closeAsync("enough");
        try (TaskScope other = leaks.open("other")) {
            Task<Void> waiter = other.launch("waiter", closed::join);
            while (!other.dump().contains("waiting for close \"page\"")) {
                Thread.onSpinWait();
            }
            cleanUp.open();
            waiter.join();
            assertNull(closed.join());
        }
    }
}
