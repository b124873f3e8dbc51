package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThreadBoundExecutor;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kotlinx.coroutines.YieldKt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups, suspend bodies and derived futures that need the thread that waits for them. */
@Rule(25)
class ThreadBoundWorkTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final OneThreadExecutor thread = new OneThreadExecutor("ui");
    private final ThreadBoundExecutor ui =
            ThreadBoundExecutor.of(thread, () -> Thread.currentThread() == thread.thread());
    private final Trail trail = new Trail();

    @AfterEach
    void endTheThread() {
        thread.close();
    }

    private TaskScope open() {
        return leaks.opened(TaskScope.builder().name("window").callbackExecutor(ui).open());
    }

    /** Calls on the thread of the user interface, and returns what the call returns or throws. */
    private <T> T onUi(Callable<T> call) throws Exception {
        FutureTask<T> made = new FutureTask<>(call);
        thread.execute(made);
        try {
            return made.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private DeadlockException refusedOnUi(Runnable wait) throws Exception {
        return onUi(() -> assertThrows(DeadlockException.class, wait::run));
    }

    private void closed(TaskScope scope) {
        Promise<Void> closed = Promise.create();
        scope.closeAsync("the test is over").onSuccess(closed::complete);
        closed.join();
    }

    /** Waits on the thread of the user interface, each for work that only this thread can run. */
    static Stream<Named<Function<TaskScope, Object>>> waitsForBodies() {
        return Stream.of(
                Named.of(
                        "a group", scope -> scope.gather(List.of(1, 2), item -> item).all().join()),
                Named.of(
                        "a group with a limit",
                        scope ->
                                scope.gather(List.of(1, 2), item -> item)
                                        .concurrency(1)
                                        .all()
                                        .join()),
                Named.of(
                        "the next child",
                        scope ->
                                scope.gather(List.of(1, 2), item -> item)
                                        .asCompleted()
                                        .iterator()
                                        .hasNext()),
                Named.of("a suspend body", scope -> Suspend.call(scope, YieldKt::yield).join()));
    }

    @ParameterizedTest
    @MethodSource("waitsForBodies")
    void aWaitForOtherBodiesOfThisThreadIsRefused(Function<TaskScope, Object> wait)
            throws Exception {
        TaskScope scope = leaks.opened(TaskScope.builder().name("window").executor(ui).open());
        DeadlockException refused =
                onUi(() -> assertThrows(DeadlockException.class, () -> wait.apply(scope)));
        assertTrue(refused.getMessage().contains("only this thread can run"), refused::getMessage);
        closed(scope);
    }

    /** Waits on the thread of the user interface, each for a callback there. */
    static Stream<Named<Consumer<TaskScope>>> waitsForCallbacks() {
        return Stream.of(
                Named.of(
                        "the progress of a group",
                        scope ->
                                scope.gather(List.of(1, 2), item -> item)
                                        .onProgress(p -> {})
                                        .all()
                                        .join()),
                Named.of(
                        "a scope with a group that has progress",
                        scope -> {
                            scope.gather(List.of(1, 2), item -> item).onProgress(p -> {}).all();
                            scope.join();
                        }),
                Named.of(
                        "a callback on a derived future",
                        scope -> {
                            Gate gate = new Gate();
                            scope.start(
                                            "load",
                                            () -> {
                                                gate.pass();
                                                return 1;
                                            })
                                    .map(one -> one + 1)
                                    .orTimeout(Duration.ofDays(1))
                                    .addDoneCallback(done -> {});
                            try {
                                scope.join();
                            } finally {
                                gate.open();
                            }
                        }));
    }

    @ParameterizedTest
    @MethodSource("waitsForCallbacks")
    void aWaitForOtherCallbacksOfThisThreadIsRefused(Consumer<TaskScope> wait) throws Exception {
        TaskScope scope = open();
        DeadlockException refused = refusedOnUi(() -> wait.accept(scope));
        assertTrue(refused.getMessage().contains("only this thread can run"), refused::getMessage);
        closed(scope);
    }
}
