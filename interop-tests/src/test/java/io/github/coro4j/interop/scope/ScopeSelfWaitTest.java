package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code inside a scope that waits for this scope would wait for itself, so it gets an exception at once. */
@Rule(23)
class ScopeSelfWaitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Named<Consumer<TaskScope>>> waits() {
        Duration day = Duration.ofDays(1);
        return Stream.of(
                Named.of("close", TaskScope::close),
                Named.of("close in time", scope -> scope.close(day)),
                Named.of("join", TaskScope::join),
                Named.of("join in time", scope -> scope.join(day)));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aTaskCannotWaitForItsOwnScope(Consumer<TaskScope> wait) {
        try (TaskScope scope = leaks.open("shop")) {
            IllegalStateException refusal =
                    scope.start(
                                    "cashier",
                                    () ->
                                            assertThrows(
                                                    IllegalStateException.class,
                                                    () -> wait.accept(scope)))
                            .join();
            assertSays("cashier", refusal);
            assertSays("shop", refusal);
            assertStillOpen(scope);
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aTaskOfANestedScopeCannotWaitForTheOuterScope(Consumer<TaskScope> wait) {
        try (TaskScope scope = leaks.open("shop")) {
            IllegalStateException refusal =
                    scope.start(
                                    "manager",
                                    () -> {
                                        try (TaskScope inner = TaskScope.open("back room")) {
                                            return inner.start(
                                                            "packer",
                                                            () ->
                                                                    assertThrows(
                                                                            IllegalStateException
                                                                                    .class,
                                                                            () ->
                                                                                    wait.accept(
                                                                                            scope)))
                                                    .join();
                                        }
                                    })
                            .join();
            assertSays("packer", refusal);
            assertSays("shop", refusal);
            assertStillOpen(scope);
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aCallbackCannotWaitForItsOwnScope(Consumer<TaskScope> wait) {
        try (TaskScope scope = leaks.open("shop")) {
            Promise<IllegalStateException> refusal = Promise.create();
            Task<String> task = scope.start("cashier", () -> "value");
            task.addDoneCallback(
                    f ->
                            refusal.complete(
                                    assertThrows(
                                            IllegalStateException.class,
                                            () -> wait.accept(scope))));
            assertSays("shop", refusal.join());
            assertStillOpen(scope);
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aFunctionOfADerivedFutureCannotWaitForItsOwnScope(Consumer<TaskScope> wait) {
        try (TaskScope scope = leaks.open("shop")) {
            IllegalStateException refusal =
                    scope.start("cashier", () -> "value")
                            .map(
                                    value ->
                                            assertThrows(
                                                    IllegalStateException.class,
                                                    () -> wait.accept(scope)))
                            .join();
            assertSays("shop", refusal);
            assertStillOpen(scope);
        }
    }

    @ParameterizedTest
    @MethodSource("waits")
    void theMainBodyOfARunCannotWaitForItsOwnScope(Consumer<TaskScope> wait) {
        IllegalStateException refusal =
                TaskScope.run(
                        "shop",
                        scope -> {
                            IllegalStateException refused =
                                    assertThrows(
                                            IllegalStateException.class, () -> wait.accept(scope));
                            assertStillOpen(scope);
                            return refused;
                        });
        assertSays("shop", refusal);
    }

    // A task may close a scope that it does not run in.
    @Test
    void aTaskMayCloseTheScopesThatItOpened() {
        try (TaskScope scope = leaks.open("shop")) {
            Gate never = new Gate();
            Task<Boolean> task =
                    scope.start(
                            "manager",
                            () -> {
                                TaskScope inner = TaskScope.open("back room");
                                Task<Void> packer = inner.launch("packer", never::pass);
                                never.awaitReached();
                                inner.close();
                                return packer.isCancelled();
                            });
            assertTrue(task.join());
        }
    }

    @Test
    void aTaskMayCloseAScopeNextToItsOwn() {
        try (TaskScope left = leaks.open("left");
                TaskScope right = leaks.open("right")) {
            Gate never = new Gate();
            Task<Void> slow = right.launch("slow", never::pass);
            never.awaitReached();
            left.launch("closer", right::close).join();
            assertTrue(slow.isCancelled());
            assertThrows(IllegalStateException.class, () -> right.launch(() -> {}));
        }
    }

    // All code shares the global scope.
    @Test
    void theGlobalScopeCanBeNeitherClosedNorCancelled() {
        TaskScope global = TaskScope.global();
        assertSays("global", assertThrows(IllegalStateException.class, global::close));
        assertSays(
                "global",
                assertThrows(IllegalStateException.class, () -> global.close(Duration.ZERO)));
        assertSays(
                "global",
                assertThrows(IllegalStateException.class, () -> global.closeAsync("all of it")));
        assertSays(
                "global",
                assertThrows(IllegalStateException.class, () -> global.cancel("all of it")));
        assertEquals("still works", Task.start(() -> "still works").join());
    }

    private static void assertStillOpen(TaskScope scope) {
        assertEquals("still open", scope.start(() -> "still open").join());
    }

    private static void assertSays(String part, Throwable refusal) {
        assertTrue(
                refusal.getMessage() != null && refusal.getMessage().contains(part),
                () -> "\"" + part + "\" is missing in: " + refusal);
    }
}
