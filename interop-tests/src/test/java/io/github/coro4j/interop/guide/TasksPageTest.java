package io.github.coro4j.interop.guide;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/guide/tasks.md. */
class TasksPageTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = Gate.ofPromise();
    private final Gate audit = new Gate();
    private final Trail trail = new Trail();

    @Coro4jTest
    void deadline(TestScope time) {
        Duration limit = Duration.ofMinutes(20);
        // region deadline
        TaskScope scope = TaskScope.builder().name("report").deadline(limit).open();
        // endregion
        try (scope) {
            Task<Void> rows = scope.launch("rows", work::pass);
            time.advanceBy(limit.minusNanos(1));
            assertPending(rows);
            time.advanceBy(Duration.ofNanos(1));
            String message = rows.outcome().exceptionOrNull().getMessage();
            assertTrue(message.contains("the deadline of scope \"report\" passed"), message);
        }
    }

    @Test
    void workThatMustGoOn_belongsToAnotherScope() {
        try (TaskScope app = leaks.open("app");
                TaskScope scope = leaks.open("scope")) {
            // region another scope
            Task<String> page =
                    scope.start(
                            "page",
                            () -> {
                                app.launch("audit", () -> audit());
                                return scope.start("load", () -> load()).join();
                            });
            // endregion
            work.awaitReached();
            audit.awaitReached();
            // region cancel
            page.cancelAndJoin("the user has left"); // stops the load, and not the audit
            // endregion
            assertTrue(page.isCancelled());
            assertTrue(scope.tasks().isEmpty());
            audit.open();
            app.join();
        }
        trail.assertSteps("audited");
    }

    private void audit() throws InterruptedException {
        audit.pass();
        trail.add("audited");
    }

    private String load() throws InterruptedException {
        work.pass();
        return "page";
    }

    @Test
    void aCloseOfTheOuterScope_reachesTheInnerScope() {
        TaskScope outer = leaks.open("outer");
        Task<String> inside =
                outer.start(
                        "opener",
                        () -> {
                            try (TaskScope inner = TaskScope.open("inner")) {
                                return inner.start("load", () -> load()).join();
                            }
                        });
        work.awaitReached();
        outer.close();
        assertTrue(inside.isCancelled());
    }

    @Test
    void aTaskOfTheScope_mustNotWaitForTheScope() {
        try (TaskScope scope = leaks.open("scope")) {
            for (Runnable end : List.<Runnable>of(scope::close, scope::join)) {
                Task<?> task = scope.start("ender", Executors.callable(end));
                Throwable refusal = task.joinOutcome().exceptionOrNull();
                assertSame(IllegalStateException.class, refusal.getClass());
            }
            Task<Void> ender = scope.launch("ender", () -> scope.cancel("enough"));
            assertTrue(ender.joinOutcome().isCancelled());
        }
    }

    @Test
    void theMainBodyOfRun_decidesWhatHappensToTheTasks() {
        assertEquals(
                "main",
                TaskScope.run(
                        "run",
                        scope -> {
                            scope.launch("side", () -> trail.add("side"));
                            return "main";
                        }));
        trail.assertSteps("side");
        assertThrows(
                RuntimeException.class,
                () ->
                        TaskScope.run(
                                "run",
                                scope -> {
                                    scope.launch("side", work::pass);
                                    throw new IOException("broken");
                                }));
    }
}
