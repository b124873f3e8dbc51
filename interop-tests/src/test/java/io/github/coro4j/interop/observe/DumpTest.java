package io.github.coro4j.interop.observe;

import static io.github.coro4j.interop.observe.Dump.ageless;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A dump shows what each job waits for, whether it is cancelling, and the states of scopes, as text and as JSON. */
@Timeout(60)
class DumpTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

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
}
