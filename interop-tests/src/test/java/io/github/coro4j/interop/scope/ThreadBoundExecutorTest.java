package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThreadBoundExecutor;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.spi.BuildInfo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wait on the thread that its callbacks or bodies need throws, and does not hang. */
@Rule(25)
class ThreadBoundExecutorTest extends BoundThreadSetting {
    @Test
    void aCloseIsRefusedIfACallbackIsToRunThere() throws Exception {
        TaskScope scope = open();
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::passUninterruptibly);
        task.addDoneCallback(done -> trail.add("callback"));

        DeadlockException refused = refusedOnUi(scope::close);

        assertEquals(
                "thread \"ui\" cannot wait for scope \"window\": scope \"window\" has a callback that only this thread "
                        + "can run, so the wait could never end. Call closeAsync, or wait on another thread. "
                        + BuildInfo.seeError("only-this-thread"),
                refused.getMessage());
        assertEquals(List.of("ui", "window"), refused.circle());
        assertFalse(scope.isOpen());
        gate.open();
        trail.await("callback");
        closed(scope);
    }

    @Test
    void aJoinIsRefusedIfACallbackIsQueuedThere() throws Exception {
        TaskScope scope = open();
        Task<Void> task = scope.launch("load", () -> {});
        task.join();
        DeadlockException refused =
                onUi(
                        () -> {
                            task.addDoneCallback(done -> trail.add("callback"));
                            return assertThrows(DeadlockException.class, scope::join);
                        });
        assertTrue(refused.getMessage().contains("has a callback"), refused::getMessage);
        trail.await("callback");
        assertTrue(scope.isOpen());
        scope.close();
    }

    @Test
    void aCloseAroundSuchAScopeIsRefused() throws Exception {
        TaskScope outer = leaks.open("outer");
        Gate gate = new Gate();
        Promise<TaskScope> inner = Promise.create();
        outer.launch(
                "opens",
                () -> {
                    TaskScope made = TaskScope.builder().name("inner").callbackExecutor(ui).open();
                    made.launch("load", gate::passUninterruptibly)
                            .addDoneCallback(done -> trail.add("callback"));
                    inner.complete(made);
                });
        inner.join();
        DeadlockException refused = refusedOnUi(outer::close);
        assertTrue(refused.getMessage().contains("scope \"inner\" has a callback"));
        gate.open();
        trail.await("callback");
        outer.close();
    }

    @Test
    void aCloseWithoutACallbackWaits() throws Exception {
        TaskScope scope = open();
        Task<Void> task = scope.launch("load", () -> Promise.create().join());
        onUi(
                () -> {
                    scope.close();
                    return null;
                });
        assertTrue(task.isCancelled());
    }

    @Test
    void aCloseAfterTheCallbacksWaits() throws Exception {
        TaskScope scope = open();
        scope.start("load", () -> "loaded").onSuccess(trail::add);
        trail.await("loaded");
        scope.join();
        onUi(
                () -> {
                    scope.close();
                    return null;
                });
        assertFalse(scope.isOpen());
    }

    @Test
    void anotherThreadMayClose() {
        TaskScope scope = open();
        scope.start("load", () -> "loaded").addDoneCallback(done -> trail.add("callback"));
        scope.close();
        trail.assertSteps("callback"); // a cancelled task has its callback too
    }

    @Test
    void aWaitWithALimitIsNotRefused() throws Exception {
        TaskScope scope = open();
        Gate gate = new Gate();
        scope.launch("load", gate::pass).addDoneCallback(done -> trail.add("callback"));
        assertFalse(onUi(() -> scope.join(Duration.ofMillis(1))));
        gate.open();
        trail.await("callback");
        closed(scope);
    }

    @Test
    void aWaitForABodyThatOnlyThisThreadRunsIsRefused() throws Exception {
        TaskScope scope = leaks.opened(TaskScope.builder().name("window").executor(ui).open());
        DeadlockException refused =
                onUi(
                        () -> {
                            Task<String> task = scope.start("show", () -> "shown");
                            Future<String> shown = task.map(text -> text + "!");
                            assertThrows(DeadlockException.class, shown::join);
                            assertThrows(DeadlockException.class, scope::join);
                            shown.onSuccess(trail::add);
                            return assertThrows(DeadlockException.class, task::join);
                        });
        assertTrue(
                refused.getMessage()
                        .contains("task \"show\" is a body that only this thread can run"),
                refused::getMessage);
        trail.await("shown!");
        scope.close();
    }

    @Test
    void aBodyOnTheThreadRunsTheBodyThatItWaitsFor() throws Exception {
        TaskScope scope = leaks.opened(TaskScope.builder().name("window").executor(ui).open());
        Task<String> outer =
                scope.start("outer", () -> scope.start("inner", () -> "helped").join());
        assertEquals("helped", outer.join());
        scope.close();
    }

    @Test
    void anExecutorThatDoesNotKnowItsThreadIsAPlainOne() throws Exception {
        ThreadBoundExecutor broken =
                ThreadBoundExecutor.of(
                        thread,
                        () -> {
                            throw new IllegalStateException("no thread yet");
                        });
        try (TaskScope scope =
                leaks.opened(TaskScope.builder().name("w").callbackExecutor(broken).open())) {
            scope.start("load", () -> "loaded").onSuccess(trail::add);
            trail.await("loaded");
        }
    }

    @Test
    void bothFunctionsAreNeeded() {
        assertTrue(
                assertThrows(
                                NullPointerException.class,
                                () -> ThreadBoundExecutor.of(null, () -> true))
                        .getMessage()
                        .startsWith("executor must not be null"));
        assertTrue(
                assertThrows(NullPointerException.class, () -> ThreadBoundExecutor.of(thread, null))
                        .getMessage()
                        .startsWith("isCurrentThread must not be null"));
    }
}
