package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A dump shows each state of a job, as text and as JSON. */
@Timeout(60)
class DumpTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

    @Test
    void aRunningTaskShowsItsThreadAndTheStackOfItsBody() {
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch("load", this::read);
            gate.awaitReached();
            Dump dump = Dump.of(scope, seen -> seen.has("Gate.pass"));
            String line = dump.line("task \"load\"");
            assertTrue(
                    line.matches(
                            "task \"load\" \\(pending, running for \\d+\\.\\d{3} s on .+, age \\d+ s\\)"),
                    line);
            List<String> stack = dump.below("task \"load\"");
            assertTrue(stack.stream().allMatch(frame -> frame.startsWith("at ")), dump.text);
            assertTrue(
                    stack.get(stack.size() - 1).contains("DumpTest.read(DumpTest.java:"),
                    dump.text);
            assertFalse(dump.has("io.github.coro4j.internal"), dump.text);

            Map<String, Object> json = dump.object("load");
            assertEquals("task", json.get("kind"));
            assertEquals("running", json.get("state"));
            assertTrue(json.get("thread") instanceof String, json::toString);
            assertTrue(((Number) json.get("runningSeconds")).doubleValue() >= 0, json::toString);
            assertEquals(0, Dump.number(json, "moreFrames"));
            assertTrue(json.get("stack").toString().contains("DumpTest.read("), json::toString);
            assertFalse(
                    json.containsKey("cancelling") || json.containsKey("reason"), json::toString);
            gate.open();
        }
    }

    private void read() throws InterruptedException {
        gate.pass();
    }

    @Test
    void aDeepStackIsCutAndTheOtherFramesAreCounted() {
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch("deep", () -> descend(50));
            gate.awaitReached();
            Dump dump = Dump.of(scope, seen -> seen.has("Gate.pass"));
            List<String> stack = dump.below("task \"deep\"");
            assertEquals(13, stack.size(), dump.text);
            assertTrue(stack.get(12).matches("at \\.\\.\\. \\d+ more"), dump.text);
            assertTrue(Dump.number(dump.object("deep"), "moreFrames") > 30, dump.text);
            gate.open();
        }
    }

    private void descend(int depth) throws InterruptedException {
        if (depth == 0) {
            gate.pass();
        } else {
            descend(depth - 1);
        }
    }

    @Test
    void aPendingCancelShowsItsFirstReason() {
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("shop")) {
            Task<Void> load = scope.launch("load", new SlowCleanUp(gate, cleanUp));
            gate.awaitReached();
            load.cancel("user \"Ann\" went away\n");
            cleanUp.awaitReached();
            load.cancel("a later reason");
            Dump dump = Dump.of(scope);
            assertTrue(
                    dump.has(
                            "task \"load\" (cancelling: user \"Ann\" went away\\u000a, running for "),
                    dump.text);
            assertTrue(
                    dump.line("scope \"shop\"")
                            .contains(", 1 task: 1 running, 1 of them cancelling"));
            Map<String, Object> json = dump.object("load");
            assertEquals(true, json.get("cancelling"));
            assertEquals("user \"Ann\" went away\n", json.get("reason"));
            assertTrue(
                    load.toString().startsWith("Task \"load\" (cancelling: user \"Ann\" went away"),
                    load::toString);
            cleanUp.open();
        }
    }

    @Test
    void aCancelWithoutAReasonShowsNone() {
        try (TaskScope scope = leaks.open("shop")) {
            Task<Void> load = scope.launch("load", gate::passUninterruptibly);
            gate.awaitReached();
            load.cancel();
            Dump dump = Dump.of(scope);
            assertTrue(
                    dump.line("task \"load\"").startsWith("task \"load\" (cancelling, running"),
                    dump.text);
            assertNull(dump.object("load").get("reason"));
            gate.open();
        }
    }

    @Test
    void aWaitingTaskShowsWhatItWaitsForAndNoFramesOfTheEngine() {
        Promise<String> promise = Promise.create();
        try (TaskScope scope = leaks.open("shop")) {
            Task<Void> first = scope.launch("first", gate::pass);
            scope.launch("second", () -> join(first));
            scope.launch("third", () -> joinInTime(first));
            scope.launch("fourth", promise::join);
            Dump dump =
                    Dump.of(
                            scope,
                            seen ->
                                    List.of("second", "third", "fourth").stream()
                                            .allMatch(
                                                    name ->
                                                            seen.line("task \"" + name + "\"")
                                                                    .matches(
                                                                            ".*waiting for (task|promise).*")));
            assertTrue(
                    dump.line("task \"second\"").endsWith(", waiting for task \"first\")"),
                    dump.text);
            assertTrue(
                    dump.line("task \"third\"").endsWith(", waiting for task \"first\")"),
                    dump.text);
            assertTrue(
                    dump.line("task \"fourth\"").contains(", waiting for promise \"promise-"),
                    dump.text);
            assertEquals(List.of("task \"first\""), dump.object("second").get("waitsFor"));
            assertEquals(List.of("task \"first\""), dump.object("third").get("waitsFor"));
            Dump parked =
                    Dump.of(
                            scope,
                            seen ->
                                    seen.below("task \"second\"").size() > 0
                                            && seen.below("task \"third\"").size() > 0);
            assertTrue(
                    parked.below("task \"second\"").get(0).contains("DumpTest.join("), parked.text);
            assertTrue(
                    parked.below("task \"third\"").get(0).contains("DumpTest.joinInTime("),
                    parked.text);
            gate.open();
            promise.complete("value");
            scope.join();
        }
    }

    private static void join(Future<?> future) {
        future.join();
    }

    private static void joinInTime(Future<?> future) throws TimeoutException {
        future.join(Duration.ofDays(1));
    }

    @Test
    void aQueuedTaskShowsThatItWaitsForAThread() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("shop", queue::add)) {
            Task<Void> task = scope.launch("load", () -> {});
            Dump dump = Dump.of(scope);
            assertEquals(
                    "task \"load\" (pending, waiting for a thread, age 0 s)",
                    ageless(dump.line("task \"load\"")));
            assertEquals("queued", dump.object("load").get("state"));
            assertEquals(List.of(), dump.below("task \"load\""));
            queue.get(0).run();
            task.join();
        }
    }

    /** Replaces the age by 0, because a slow machine may be a second late. */
    private static String ageless(String line) {
        return line.replaceAll("age \\d+ s", "age 0 s");
    }

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
            Dump dump =
                    Dump.of(scope, seen -> seen.has("1 of 4 done, 2 running, 1 without a permit"));
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

    @Test
    void aSleepShowsTheTimeThatIsLeft() {
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch("sleeper", () -> Task.sleep(Duration.ofHours(100)).join());
            Dump dump =
                    Dump.of(
                            scope,
                            seen ->
                                    seen.line("task \"sleeper\"")
                                                    .contains("waiting for sleep \"sleep-1\"")
                                            // A dump may miss a sleep that has just begun.
                                            && seen.text.contains("  sleep \"sleep-1\""));
            assertTrue(
                    dump.line("sleep \"sleep-1\"")
                            .matches(
                                    "sleep \"sleep-1\" \\(pending, (360000|3599\\d\\d) s left, age \\d+ s\\)"),
                    dump.text);
            assertTrue(Dump.number(dump.object("sleep-1"), "secondsLeft") > 359_000);
        }
    }

    @Test
    void innerScopesAreNestedAndScopesShowTheirStates() {
        Gate inside = new Gate();
        Gate cleanUp = new Gate();
        TaskScope scope = leaks.open("shop");
        scope.launch(
                "manager",
                () -> {
                    try (TaskScope inner = TaskScope.open("back room")) {
                        inner.launch("packer", new SlowCleanUp(inside, cleanUp));
                        inside.awaitReached();
                        inner.cancel("no more parcels");
                        gate.passUninterruptibly();
                    }
                });
        cleanUp.awaitReached();
        gate.awaitReached();
        Dump dump = Dump.of(scope);
        assertTrue(
                dump.line("scope \"shop\"")
                        .startsWith("scope \"shop\" (open, age 0 s, 1 task: 1 running)"),
                dump.text);
        assertTrue(
                dump.line("scope \"back room\"")
                        .startsWith("scope \"back room\" (cancelled: no more parcels, age"),
                dump.text);
        assertTrue(
                dump.below("scope \"back room\"").contains(dump.line("task \"packer\"")),
                dump.text);
        Map<String, Object> inner = Dump.list(dump.json, "scopes").get(0);
        assertEquals("cancelled", inner.get("state"));
        assertEquals("no more parcels", inner.get("reason"));
        assertEquals(1, Dump.list(inner, "jobs").size());
        gate.open();
        Dump waits =
                Dump.of(scope, seen -> seen.line("task \"manager\"").contains("waiting for scope"));
        assertTrue(
                waits.line("task \"manager\"").endsWith(", waiting for scope \"back room\")"),
                waits.text);
        assertTrue(
                waits.line("scope \"back room\"").startsWith("scope \"back room\" (closing, age"),
                waits.text);
        cleanUp.open();
        scope.join();
        assertTrue(scope.isOpen());
        scope.close();
        assertFalse(scope.isOpen());
        assertEquals("scope \"shop\" (closed, age 0 s, 0 tasks)\n", ageless(scope.dump()));
        assertEquals("closed", Dump.of(scope).json.get("state"));
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

    /** Ages grow in steps, and the clock makes several steps while the test takes these dumps. */
    @Test
    void theOldestTaskStaysFirstWhileTheClockGoesOn() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("shop", queue::add)) {
            for (int i = 0; i < 20_000; i++) {
                scope.launch("waits " + i, () -> {});
            }
            for (int i = 0; i < 100; i++) {
                String text = scope.dump();
                String second = text.lines().skip(1).findFirst().orElseThrow();
                assertTrue(second.startsWith("  task \"waits 0\" ("), text);
            }
            scope.cancel("enough");
        }
    }

    /** The youngest task runs, and the tasks that wait for a thread would take all the lines. */
    @Test
    void aRunningTaskHasItsLineHoweverManyTasksWaitForAThread() throws InterruptedException {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope = leaks.open("shop", queue::add)) {
            for (int i = 0; i < 2_000; i++) {
                scope.launch("waits " + i, () -> {});
            }
            scope.launch("runs", this::read);
            Future<?> group = scope.gather(List.of(0, 1), i -> i).named("idle").all();
            Thread thread = new Thread(queue.get(2_000));
            thread.start();
            gate.awaitReached();
            Dump dump = Dump.of(scope, seen -> seen.has("Gate.pass"));
            assertTrue(dump.line("task \"runs\"").contains("running for "), dump.text);
            assertTrue(dump.below("task \"runs\"").toString().contains("DumpTest.read("));
            assertTrue(dump.has("\n  and 1002 more jobs\n"), dump.text);
            assertEquals(1_002, Dump.number(dump.json, "moreJobs"));
            assertTrue(
                    dump.line("scope \"shop\"")
                            .contains(", 2003 tasks: 1 running, 2002 waiting for a thread)"),
                    dump.text);
            gate.open();
            thread.join();
            scope.cancel("enough");
            group.joinOutcome();
        }
    }

    @Test
    void theOldestTasksComeFirst() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            for (int i = 0; i < 16; i++) {
                scope.launch("t" + i, () -> {});
            }
            Dump dump = Dump.of(scope);
            List<Object> names =
                    Dump.list(dump.json, "jobs").stream().map(each -> each.get("name")).toList();
            assertEquals(IntStream.range(0, 16).mapToObj(i -> "t" + i).toList(), names);
            scope.cancel("enough");
        }
    }

    @Test
    void namesAndReasonsOfAnyKindAreValidJson() {
        String rude =
                "\"\\\b\f\n\r\t\u0000\u001f\u007f\u2028 \ud83d\ude00 \ud83d </script> \u00e4\u20ac";
        try (TaskScope scope = leaks.open(rude, work -> {})) {
            scope.launch(rude, () -> {});
            Map<String, Object> json = JsonText.parse(scope.dumpJson());
            assertEquals(rude, json.get("name"));
            assertEquals(rude, Dump.list(json, "jobs").get(0).get("name"));
            assertEquals(1, scope.dumpJson().lines().count());
            scope.cancel(rude);
            assertEquals(rude, JsonText.parse(scope.dumpJson()).get("reason"));
        }
    }

    @Test
    void aNameCannotForgeALine() {
        String rude = "a\n\u001b[2K\u007f\u0085\u009b\u2028\u2029\u202e\u2066\"b";
        String shown = "a\\u000a\\u001b[2K\\u007f\\u0085\\u009b\\u2028\\u2029\\u202e\\u2066\\\"b";
        try (TaskScope scope = leaks.open(rude)) {
            Task<Void> first = scope.launch(rude, gate::pass);
            scope.launch("second", first::join);
            Dump dump = Dump.of(scope, seen -> seen.has("waiting for task"));
            assertTrue(dump.line("scope \"" + shown + "\"").contains("2 tasks"), dump.text);
            assertTrue(dump.has("task \"" + shown + "\" (pending"), dump.text);
            assertTrue(dump.has("waiting for task \"" + shown + "\")"), dump.text);
            assertEquals(List.of("task \"" + rude + "\""), dump.object("second").get("waitsFor"));
            assertTrue(first.toString().startsWith("Task \"" + shown + "\" ("), first::toString);
            assertTrue(scope.toString().startsWith("Scope \"" + shown + "\" ("));
            assertEquals(rude, first.name());
            first.cancel("enough");
            String message = first.joinOutcome().exceptionOrNull().getMessage();
            assertTrue(message.startsWith("a\\u000a\\u001b"), message);
            gate.open();
            scope.cancel("enough");
        }
        leaks.takeReports();
    }

    @Test
    void aBodyMayDumpTheScopeItRunsIn() {
        try (TaskScope scope = leaks.open("shop")) {
            Task<String> self = scope.start("self", () -> dumpHere(scope));
            String dump = self.join();
            assertTrue(
                    dump.contains("at io.github.coro4j.interop.observe.DumpTest.dumpHere("), dump);
            assertFalse(dump.contains("getStackTrace"), dump);
        }
    }

    private static String dumpHere(TaskScope scope) {
        return scope.dump();
    }

    @Test
    void aBodyWhoseThreadRunsAnInnerBodyWaitsForItAndKeepsItsOwnTime() {
        Gate helped = new Gate();
        Gate after = new Gate();
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch(
                    "outer",
                    () -> {
                        gate.pass();
                        TaskScope.run(
                                "inner",
                                inner -> {
                                    helped.pass();
                                    return null;
                                });
                        after.pass();
                    });
            gate.awaitReached();
            while (runningFor(scope, "outer") < 0.1) {
                Thread.onSpinWait();
            }
            gate.open();
            helped.awaitReached();
            Dump dump = Dump.of(scope);
            assertTrue(dump.line("task \"outer\"").contains("running on "), dump.text);
            assertTrue(
                    dump.line("task \"outer\"").endsWith(", waiting for task \"inner\")"),
                    dump.text);
            assertEquals(List.of(), dump.below("task \"outer\""));
            assertTrue(dump.line("task \"inner\"").contains("running for "), dump.text);
            helped.open();
            after.awaitReached();
            assertTrue(runningFor(scope, "outer") >= 0.1, "its own time, not the inner body's");
            after.open();
        }
    }

    private static double runningFor(TaskScope scope, String name) {
        return ((Number) Dump.of(scope).object(name).get("runningSeconds")).doubleValue();
    }

    @Test
    void logDumpIsOneRecordThatBeginsWithTheScope() {
        try (TaskScope scope = leaks.open("shop", work -> {})) {
            scope.launch("load", () -> {});
            scope.logDump();
            List<LogRecord> logged = leaks.takeLogged();
            assertEquals(1, logged.size());
            assertEquals(Level.INFO, logged.get(0).getLevel());
            assertEquals(ageless(scope.dump()), ageless(logged.get(0).getMessage()) + "\n");
            assertTrue(
                    ageless(logged.get(0).getMessage())
                            .startsWith(
                                    "scope \"shop\" (open, age 0 s, 1 task: 1 waiting for a thread)\n"));
            Logger logger = Logger.getLogger("io.github.coro4j");
            logger.setLevel(Level.WARNING);
            try {
                scope.logDump();
            } finally {
                logger.setLevel(null);
            }
            assertEquals(List.of(), leaks.takeLogged());
            scope.cancel("enough");
        }
    }
}
