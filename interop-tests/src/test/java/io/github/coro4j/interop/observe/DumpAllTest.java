package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code TaskScope.dumpAll} shows every open scope, and keeps none alive. */
@SuppressWarnings("try") // the scopes are only closed
class DumpAllTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = new Gate();
    private final Gate cleanUp = new Gate();

    @Test
    void itShowsTheTreesOfAllOpenScopes() {
        try (TaskScope first = leaks.open("dump-all first");
                TaskScope second = leaks.open("dump-all second")) {
            TaskScope inner = second.start(() -> leaks.open("dump-all inner")).join();
            inner.launch("dump-all task", never::pass);
            never.awaitReached();
            String dump = TaskScope.dumpAll();
            assertTrue(dump.startsWith("scope \"global\" (open"), dump);
            int atFirst = dump.indexOf("\nscope \"dump-all first\" (open");
            int atSecond = dump.indexOf("\nscope \"dump-all second\" (open");
            int atInner = dump.indexOf("\n  scope \"dump-all inner\" (open");
            int atTask = dump.indexOf("\n    task \"dump-all task\" (");
            assertTrue(0 < atFirst && atFirst < atSecond, dump);
            assertTrue(atSecond < atInner && atInner < atTask, dump);
            assertEquals(atInner, dump.lastIndexOf("\n  scope \"dump-all inner\" ("), dump);
            assertTrue(dump.endsWith("\n"), dump);
        }
        assertFalse(TaskScope.dumpAll().contains("dump-all"), TaskScope::dumpAll);
    }

    @Test
    void aScopeThatIsClosingIsShown() {
        TaskScope scope = leaks.open("dump-all closing");
        scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        assertFalse(scope.close(Duration.ZERO));
        assertTrue(
                TaskScope.dumpAll().contains("\nscope \"dump-all closing\" (closing"),
                TaskScope::dumpAll);
        cleanUp.open();
        scope.close();
        assertFalse(TaskScope.dumpAll().contains("dump-all closing"), TaskScope::dumpAll);
    }

    @Test
    void aScopeOpenedInATaskOfTheGlobalScopeIsShown() {
        TaskScope scope =
                io.github.coro4j.Task.start(() -> leaks.open("dump-all of a task")).join();
        assertTrue(
                TaskScope.dumpAll().contains("\nscope \"dump-all of a task\" (open"),
                TaskScope::dumpAll);
        scope.close();
    }

    @Test
    void aScopeThatWasNeverClosedCanBeCollected() {
        WeakReference<TaskScope> scope = forgotten();
        while (scope.get() != null) {
            System.gc();
        }
        TaskScope.open("dump-all next").close();
        assertFalse(TaskScope.dumpAll().contains("dump-all forgotten"), TaskScope::dumpAll);
    }

    private static WeakReference<TaskScope> forgotten() {
        TaskScope scope = TaskScope.open("dump-all forgotten");
        scope.start(() -> "value").join();
        return new WeakReference<>(scope);
    }

    @Test
    void scopesMayOpenAndCloseMeanwhile() {
        Race.rounds(
                200,
                (race, random) ->
                        race.run(
                                random,
                                DumpAllTest::openAndClose,
                                DumpAllTest::openAndClose,
                                TaskScope::dumpAll));
        assertFalse(TaskScope.dumpAll().contains("dump-all race"), TaskScope::dumpAll);
    }

    private static String openAndClose() {
        for (int each = 0; each < 5; each++) {
            TaskScope.open("dump-all race").close();
        }
        return "";
    }
}
