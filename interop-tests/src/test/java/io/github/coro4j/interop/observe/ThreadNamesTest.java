package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In the debug mode, a thread carries the name of the task whose body it runs. */
class ThreadNamesTest {
    /** The debug mode of the engine is on if assertions are; see {@code coro4j.debug}. */
    private static final boolean IS_DEBUGGING = TaskScope.class.desiredAssertionStatus();

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static String name() {
        return Thread.currentThread().getName();
    }

    private static void assertShows(String task, String name) {
        assertEquals(IS_DEBUGGING, (" " + name).endsWith(" @" + task), name);
    }

    @Test
    void bodiesShowTheirNames() {
        try (TaskScope scope = leaks.open("shop")) {
            assertShows("load", scope.start("load", ThreadNamesTest::name).join());
            assertShows("task", scope.start(ThreadNamesTest::name).join());
            assertShows("a\\u000ab", scope.start("a\nb", ThreadNamesTest::name).join());
            List<String> children =
                    scope.gather(List.of(1, 2), each -> name()).named("prices").all().join();
            assertShows("prices[0]", children.get(0));
            assertShows("prices[1]", children.get(1));
        }
    }

    // A body inside a body: `TaskScope.run` runs its body on the calling thread.
    @Test
    void theInnermostBodyIsShown() {
        String before = name();
        TaskScope.run(
                "outer",
                outer -> {
                    assertShows("outer", name());
                    String inner = TaskScope.run("inner", scope -> name());
                    assertShows("inner", inner);
                    assertFalse(inner.contains("outer"), inner);
                    assertShows("outer", name());
                    return null;
                });
        assertEquals(before, name());
    }

    @Test
    void aThreadOfAnExecutorGetsItsNameBack() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor(work -> new Thread(work, "mine"));
        try (TaskScope scope = leaks.open("shop", one)) {
            String shown = scope.start("load", ThreadNamesTest::name).join();
            assertEquals(IS_DEBUGGING ? "mine @load" : "mine", shown);
            assertEquals("mine", one.submit(ThreadNamesTest::name).get());
        } finally {
            one.shutdown();
        }
    }

    @Test
    void dumpsShowTheThreadWithoutIt() {
        ExecutorService one = Executors.newSingleThreadExecutor(work -> new Thread(work, "mine"));
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("shop", one)) {
            Task<Void> load = scope.launch("load", gate::pass);
            gate.awaitReached();
            String dump = scope.dump();
            assertTrue(dump.contains("on mine"), dump);
            assertFalse(dump.contains("@load"), dump);
            gate.open();
            load.join();
        } finally {
            one.shutdown();
        }
    }
}
