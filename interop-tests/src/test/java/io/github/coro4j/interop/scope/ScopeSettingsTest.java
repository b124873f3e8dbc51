package io.github.coro4j.interop.scope;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.ThreadNames;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A builder sets up a scope, an inner scope inherits from its outer scope, and nesting has a limit. */
class ScopeSettingsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void anInnerScopeInheritsExecutorsAndListenerFromTheOuterScope() throws InterruptedException {
        ExecutorService bodies =
                Executors.newFixedThreadPool(4, task -> new Thread(task, "body-thread"));
        ExecutorService callbacks =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "callback-thread"));
        TaskScope outer =
                leaks.opened(
                        TaskScope.builder()
                                .name("outer")
                                .executor(bodies)
                                .callbackExecutor(callbacks)
                                .failureListener(leaks.listener())
                                .open());
        IOException boom = new IOException("boom");
        Trail trail = new Trail();
        try (outer) {
            outer.launch(
                            "opener",
                            () -> {
                                try (TaskScope inner = TaskScope.builder().name("inner").open()) {
                                    assertNotSame(outer, inner);
                                    Task<String> where = inner.start(ThreadNames::withoutTask);
                                    where.addDoneCallback(
                                            f -> trail.add(Thread.currentThread().getName()));
                                    trail.add(where.join());
                                    trail.await("callback-thread");
                                    inner.launch(
                                            "failing",
                                            () -> {
                                                throw boom;
                                            });
                                    inner.join();
                                }
                            })
                    .join();
            FailureReport report = leaks.awaitReports(1).get(0);
            assertEquals("failing", report.name());
            assertSame(boom, report.exception());
        } finally {
            bodies.shutdown();
            callbacks.shutdown();
        }
        assertEquals(
                List.of("body-thread", "callback-thread"),
                trail.steps().stream().sorted().toList());
    }

    @Test
    void anInnerScopeMayHaveItsOwnExecutor() {
        ExecutorService own =
                Executors.newSingleThreadExecutor(task -> new Thread(task, "own-thread"));
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> opener =
                    outer.start(
                            "opener",
                            () -> {
                                try (TaskScope inner =
                                        TaskScope.builder().name("inner").executor(own).open()) {
                                    return inner.start(ThreadNames::withoutTask).join();
                                }
                            });
            assertEquals("own-thread", opener.join());
        } finally {
            own.shutdown();
        }
    }

    // The limit is higher than needed, and its exception names the scope. No stack overflows.
    @Test
    void nestingTooDeeplyIsRefused() {
        int[] deepest = new int[1];
        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> nest(0, deepest));
        assertTrue(deepest[0] >= 100, "refused at " + deepest[0]);
        assertTrue(refusal.getMessage().contains("level " + (deepest[0] + 1)), refusal::toString);
    }

    private static void nest(int level, int[] deepest) {
        deepest[0] = level;
        assertTrue(level < 1_000, "no limit was found");
        try {
            TaskScope.run(
                    "level " + (level + 1),
                    scope -> {
                        nest(level + 1, deepest);
                        return null;
                    });
        } catch (CompletionException e) {
            throw (IllegalStateException) e.getCause();
        }
    }

    @Test
    void withoutANameAScopeIsCalledScope() {
        try (TaskScope scope = TaskScope.builder().open()) {
            assertEquals("scope", scope.name());
        }
        try (TaskScope scope = leaks.open("shop")) {
            assertEquals("shop", scope.name());
            assertTrue(scope.toString().contains("shop"), scope::toString);
        }
    }

    // The deadline is a cancel with a reason of its own.
    @Coro4jTest
    void aDeadlineCancelsTheScopeAndSaysSo(TestScope time) {
        Gate never = Gate.ofPromise();
        Gate alsoNever = Gate.ofPromise();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("hurried")
                                .deadline(Duration.ofMillis(1))
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            Task<String> task =
                    scope.start(
                            "slow",
                            () -> {
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    inner.launch(alsoNever::pass);
                                    never.pass();
                                    return "never";
                                }
                            });
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(task);
            time.advanceBy(Duration.ofNanos(1));
            assertTrue(task.isCancelled());
            TaskCancelledException cancellation =
                    assertInstanceOf(TaskCancelledException.class, task.exception());
            assertTrue(cancellation.reason().contains("deadline"), cancellation::toString);
            assertTrue(
                    scope.start(() -> "late")
                            .joinOutcome()
                            .exceptionOrNull()
                            .getMessage()
                            .contains("deadline"));
        }
    }
}
