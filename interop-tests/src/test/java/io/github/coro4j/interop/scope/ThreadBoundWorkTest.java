package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kotlinx.coroutines.YieldKt;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups, suspend bodies and derived futures that need the thread that waits for them. */
@Rule(25)
class ThreadBoundWorkTest extends BoundThreadSetting {
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
