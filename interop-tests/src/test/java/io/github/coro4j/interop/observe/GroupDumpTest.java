package io.github.coro4j.interop.observe;

import static io.github.coro4j.interop.observe.Dump.ageless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A dump shows the counts of a group, its end, and its children below it. */
@Timeout(60)
class GroupDumpTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

    @Test
    void aGroupShowsItsCountsAndHasItsChildrenBelowIt() {
        try (TaskScope scope = leaks.open("shop")) {
            Future<List<Integer>> prices =
                    scope.gather(
                                    List.of(0, 1, 2, 3),
                                    item -> {
                                        if (item > 0) {
                                            gate.pass();
                                        }
                                        return item;
                                    })
                            .named("prices")
                            .concurrency(2)
                            .all();
            // While a permit passes from the first child to the third, a dump may show neither.
            Dump dump =
                    Dump.of(
                            scope,
                            seen ->
                                    seen.has("1 of 4 done, 2 running, 1 without a permit")
                                            && seen.has("task \"prices[2]\" (pending, running"));
            assertEquals(
                    "gather \"prices\" (pending, 1 of 4 done, 2 running, 1 without a permit, age 0 s)",
                    ageless(dump.line("gather \"prices\"")));
            List<String> below = dump.below("gather \"prices\"");
            assertTrue(below.get(0).startsWith("task \"prices[1]\" (pending, running"), dump.text);
            assertTrue(below.contains(dump.line("task \"prices[2]\"")), dump.text);
            // A child without a permit is no task yet.
            assertTrue(dump.has("and 1 more without a permit"), dump.text);
            assertTrue(dump.line("scope \"shop\"").contains(", 2 tasks: 2 running)"), dump.text);

            Map<String, Object> json = dump.object("prices");
            assertEquals("gather", json.get("kind"));
            @SuppressWarnings("unchecked")
            Map<String, Object> children = (Map<String, Object>) json.get("children");
            assertEquals(4, Dump.number(children, "total"));
            assertEquals(1, Dump.number(children, "done"));
            assertEquals(2, Dump.number(children, "running"));
            assertEquals(1, Dump.number(children, "withoutPermit"));
            assertEquals(2, Dump.list(json, "jobs").size());
            assertEquals(
                    1,
                    Dump.list(dump.json, "jobs").size(),
                    "the children are only below their group");
            gate.open();
            prices.join();
        }
    }

    @Test
    void aGroupThatHasFailedStaysWhileItsChildrenRun() {
        try (TaskScope scope = leaks.open("shop")) {
            Future<List<Integer>> group =
                    scope.gather(
                                    List.of(0, 1),
                                    item -> {
                                        if (item == 0) {
                                            throw new IOException("boo");
                                        }
                                        gate.pass();
                                        return item;
                                    })
                            .named("prices")
                            .all();
            group.joinOutcome();
            gate.awaitReached();
            Dump dump = Dump.of(scope);
            assertTrue(
                    dump.line("gather \"prices\"")
                            .startsWith(
                                    "gather \"prices\" (failed: java.io.IOException, 1 of 2 done, 1 running, age"),
                    dump.text);
            assertEquals("ended", dump.object("prices").get("state"));
            assertEquals("failed: java.io.IOException", dump.object("prices").get("end"));
            gate.open();
            scope.join();
            assertEquals(1, scope.dump().lines().count(), "the group goes with its last child");
        }
    }

    @Test
    void aGroupOfFuturesShowsWhatItWaitsFor() {
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch(
                    "owner",
                    () -> {
                        List<Future<?>> tasks = new ArrayList<>();
                        for (int i = 0; i < 5; i++) {
                            tasks.add(Task.launch("t" + i, gate::pass));
                        }
                        Gather.of(tasks).named("five").all().join();
                    });
            Dump dump =
                    Dump.of(
                            scope,
                            seen ->
                                    seen.has("gather \"five\" (")
                                            && seen.line("task \"owner\"").contains("waiting"));
            assertEquals(
                    "gather \"five\" (pending, 0 of 5 done, age 0 s, waiting for task \"t0\", task \"t1\", task \"t2\" and 2 more)",
                    ageless(dump.line("gather \"five\"")));
            assertEquals(2, Dump.number(dump.object("five"), "moreWaitedFor"));
            assertTrue(
                    dump.line("task \"owner\"").endsWith(", waiting for gather \"five\")"),
                    dump.text);
            gate.open();
            scope.join();
        }
    }

    private static final class Secret extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new AssertionError("a dump runs no user code");
        }
    }

    @Test
    void aDumpDoesNotCallGetMessageOfAnException() {
        try (TaskScope scope = leaks.open("shop")) {
            Future<?> group =
                    scope.gather(
                                    List.of(0, 1),
                                    item -> {
                                        if (item == 0) {
                                            gate.awaitReached();
                                            throw new Secret();
                                        }
                                        gate.pass();
                                        return item;
                                    })
                            .named("prices")
                            .all();
            assertTrue(group.joinOutcome().exceptionOrNull() instanceof Secret);
            Dump dump = Dump.of(scope);
            String end = "failed: " + Secret.class.getName();
            assertTrue(
                    dump.line("gather \"prices\"")
                            .startsWith("gather \"prices\" (" + end + ", 1 of"),
                    dump.text);
            assertEquals(end, dump.object("prices").get("end"));
            gate.open();
            scope.join();
        }
    }

    @Test
    void childrenWithoutAPermitAreCounted() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("shop", queue::add)) {
            Future<?> group =
                    scope.gather(IntStream.range(0, 5_000).boxed().toList(), i -> i)
                            .named("many")
                            .concurrency(2)
                            .all();
            for (int i = 0; i < 20; i++) {
                scope.launch("late " + i, () -> {});
            }
            Dump dump = Dump.of(scope);
            assertTrue(
                    dump.line("gather \"many\"")
                            .contains(", 2 waiting for a thread, 4998 without a permit"),
                    dump.text);
            List<String> below = dump.below("gather \"many\"");
            assertEquals(3, below.size(), dump.text);
            assertEquals("and 4998 more without a permit", below.get(2));
            assertTrue(dump.has("task \"late 19\""), dump.text);
            Map<String, Object> json = dump.object("many");
            assertEquals(2, Dump.list(json, "jobs").size());
            assertEquals(4_998, Dump.number(json, "moreJobs"));
            assertEquals(0, Dump.number(json, "moreQueued"));
            assertEquals(4_998, Dump.number(json, "moreWithoutPermit"));
            scope.cancel("enough");
            group.joinOutcome();
        }
    }

    @Test
    void aGroupWithoutALimitCountsTheChildrenThatWaitForAThread() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            Future<?> group =
                    scope.gather(IntStream.range(0, 10).boxed().toList(), i -> i)
                            .named("many")
                            .all();
            Dump dump = Dump.of(scope);
            assertEquals("and 7 more waiting for a thread", dump.below("gather \"many\"").get(3));
            assertEquals(7, Dump.number(dump.object("many"), "moreQueued"));
            scope.cancel("enough");
            group.joinOutcome();
        }
    }
}
