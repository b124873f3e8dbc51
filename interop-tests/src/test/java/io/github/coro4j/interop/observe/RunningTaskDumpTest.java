package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A dump shows the thread, the time and the stack of each task that runs, however many others wait. */
@Timeout(60)
class RunningTaskDumpTest {
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
                    stack.get(stack.size() - 1)
                            .contains("RunningTaskDumpTest.read(RunningTaskDumpTest.java:"),
                    dump.text);
            assertFalse(dump.has("io.github.coro4j.internal"), dump.text);

            Map<String, Object> json = dump.object("load");
            assertEquals("task", json.get("kind"));
            assertEquals("running", json.get("state"));
            assertTrue(json.get("thread") instanceof String, json::toString);
            assertTrue(((Number) json.get("runningSeconds")).doubleValue() >= 0, json::toString);
            assertEquals(0, Dump.number(json, "moreFrames"));
            assertTrue(
                    json.get("stack").toString().contains("RunningTaskDumpTest.read("),
                    json::toString);
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
            scope.launch("deep", () -> descend(500));
            gate.awaitReached();
            Dump dump = Dump.of(scope, seen -> seen.has("Gate.pass"));
            List<String> stack = dump.below("task \"deep\"");
            assertEquals(101, stack.size(), dump.text);
            assertTrue(stack.get(100).matches("at \\.\\.\\. \\d+ more"), dump.text);
            assertTrue(Dump.number(dump.object("deep"), "moreFrames") > 400, dump.text);
            gate.open();
        }
    }

    @Test
    void aLongStackLosesTheFramesOfTheJdkFirst() {
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch("long", () -> List.of(20).forEach(this::descendUnchecked));
            gate.awaitReached();
            Dump dump = Dump.of(scope, seen -> seen.has("Gate.pass"));
            List<String> stack = dump.below("task \"long\"");
            // The last line counts what is left out.
            List<String> frames = stack.subList(0, stack.size() - 1);
            assertTrue(frames.get(0).contains("Gate.pass("), dump.text);
            assertEquals(
                    21,
                    frames.stream().filter(frame -> frame.contains(".descend(")).count(),
                    dump.text);
            assertTrue(
                    frames.get(frames.size() - 1).contains("aLongStackLosesTheFramesOfTheJdkFirst"),
                    dump.text);
            assertTrue(frames.stream().noneMatch(frame -> frame.startsWith("at java.")), dump.text);
            gate.open();
        }
    }

    private void descendUnchecked(int depth) {
        try {
            descend(depth);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void descend(int depth) throws InterruptedException {
        if (depth == 0) {
            gate.pass();
        } else {
            descend(depth - 1);
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
            assertTrue(
                    dump.below("task \"runs\"").toString().contains("RunningTaskDumpTest.read("));
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
    void aBodyMayDumpTheScopeItRunsIn() {
        try (TaskScope scope = leaks.open("shop")) {
            Task<String> self = scope.start("self", () -> dumpHere(scope));
            String dump = self.join();
            assertTrue(
                    dump.contains(
                            "at io.github.coro4j.interop.observe.RunningTaskDumpTest.dumpHere("),
                    dump);
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
}
