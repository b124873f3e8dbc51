package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R25: hooks of {@code Task.onCancel} that wait for what waits for them. */
@SuppressWarnings("try") // the hooks are only closed
class CancelHookCirclesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();

    /** Starts a task with a hook that receives the task, cancels the task and waits for its end. */
    private void cancelWithHook(TaskScope scope, Consumer<Task<?>> hook) {
        Task<?> query =
                scope.launch(
                        "query",
                        () -> {
                            Task<?> me = Task.current();
                            Task.onCancel(() -> hook.accept(me));
                            work.pass();
                        });
        work.awaitReached();
        assertTrue(query.cancelAndJoin("stop").isCancelled());
    }

    private DeadlockException takeDeadlockOfAHook() throws InterruptedException {
        FailureReport report = leaks.awaitReports(1).get(0);
        assertEquals(FailureReport.Kind.CANCEL_HOOK_FAILED, report.kind());
        return assertInstanceOf(DeadlockException.class, report.exception());
    }

    @Test
    @Rule(25)
    void hookThatWaitsForItsTask_getsAnError() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            cancelWithHook(scope, Task::joinOutcome);
        }
        DeadlockException circle = takeDeadlockOfAHook();
        assertEquals(List.of("query", "query"), circle.circle());
        assertTrue(
                circle.getMessage()
                        .startsWith(
                                "a cancel hook of task \"query\" cannot wait for task \"query\": that would close "
                                        + "the circle a cancel hook of task \"query\" -> task \"query\" -> "
                                        + "a cancel hook of task \"query\", and the wait could never end. "
                                        + "Return instead of waiting, or let other code wait."),
                circle.getMessage());
    }

    @Test
    @Rule(25)
    void hookThatWaitsForAGroupOfItsTask_getsAnError() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            cancelWithHook(scope, me -> Gather.of(me.map(each -> each)).settled().join());
        }
        takeDeadlockOfAHook();
    }

    // The wait that comes last gets the error.
    @Test
    @Rule(25)
    void circleThroughAnotherTask_isFound() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Promise<Task<?>> ofTheQuery = Promise.create();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> other =
                    scope.launch(
                            "other",
                            () -> {
                                try {
                                    ofTheQuery.join().joinOutcome();
                                } catch (DeadlockException e) {
                                    thrown.set(e);
                                }
                            });
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task.onCancel(
                                        () -> {
                                            try {
                                                other.joinOutcome();
                                            } catch (DeadlockException e) {
                                                thrown.set(e);
                                            }
                                        });
                                work.pass();
                            });
            ofTheQuery.complete(query);
            work.awaitReached();
            assertTrue(query.cancelAndJoin("stop").isCancelled());
            other.join();
        }
        assertInstanceOf(DeadlockException.class, thrown.get());
    }

    // The starter does not wait for a cancelled task whose hook waits for the starter.
    @Test
    @Rule({25, 31})
    void hookThatWaitsForTheStarter_isNotAwaited() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                Task<?> me = Task.current();
                                scope.launch(
                                        "load",
                                        () -> {
                                            Task.onCancel(() -> me.joinOutcome());
                                            work.pass();
                                        });
                                new Gate().pass();
                            });
            work.awaitReached();
            assertTrue(page.cancelAndJoin("stop").isCancelled());
        }
        leaks.takeReports(); // the hook may have come last
    }

    // The hook needs a task that is queued behind the body.
    @Test
    @Rule(25)
    void closeOfARunningHook_doesNotStarveAnExecutor() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        AtomicReference<Task<Integer>> queued = new AtomicReference<>();
        Gate begun = new Gate();
        try (TaskScope other = leaks.opened(TaskScope.builder().name("one").executor(one).open());
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("app").executor(one).open())) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Registration hook =
                                        Task.onCancel(
                                                () -> {
                                                    begun.open();
                                                    queued.get().join();
                                                });
                                queued.set(other.start("clean up", () -> 1));
                                work.passUninterruptibly();
                                begun.passUninterruptibly();
                                hook.close();
                            });
            work.awaitReached();
            query.cancel("stop");
            work.open();
            assertTrue(query.joinOutcome().isCancelled());
            assertEquals(1, queued.get().join());
        } finally {
            one.shutdown();
        }
    }

    @Test
    @Rule(25)
    void closeOfAHookThatWaitsForTheBody_getsAnError() throws Exception {
        Gate begun = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task<?> me = Task.current();
                                Registration hook =
                                        Task.onCancel(
                                                () -> {
                                                    begun.open();
                                                    me.joinOutcome();
                                                });
                                work.passUninterruptibly();
                                begun.passUninterruptibly();
                                hook.close();
                            });
            work.awaitReached();
            query.cancel("stop");
            work.open();
            query.joinOutcome();
        }
        takeDeadlockOfAHook();
    }
}
