package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.ThreadNames;
import io.github.coro4j.interop.testing.Trail;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scope shows its tasks and a dump, and keeps its tasks reachable until they have ended. */
class ScopeViewTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void tasksIsASnapshotOfTheTasksThatHaveNotEnded() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("view")) {
            Task<Void> running = scope.launch("running", gate::pass);
            scope.start("ended", () -> "value").join();
            gate.awaitReached();
            Set<Task<?>> snapshot = scope.tasks();
            assertEquals(Set.of(running), snapshot);
            assertThrows(UnsupportedOperationException.class, snapshot::clear);
            assertThrows(UnsupportedOperationException.class, () -> snapshot.add(running));
            gate.open();
            running.join();
            assertEquals(Set.of(), scope.tasks());
            assertEquals(Set.of(running), snapshot, "a snapshot does not change");
        }
    }

    @Test
    void tasksContainsTheCallingTaskButNoTasksOfInnerScopes() {
        try (TaskScope scope = leaks.open("view")) {
            Task<Boolean> asker =
                    scope.start(
                            "asker",
                            () -> {
                                Gate gate = new Gate();
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    Task<Void> leaf = inner.launch("leaf", gate::pass);
                                    gate.awaitReached();
                                    assertEquals(Set.of(leaf), inner.tasks());
                                    return scope.tasks().equals(Set.of(Task.current()));
                                }
                            });
            assertTrue(asker.join());
        }
    }

    @Test
    void tasksMayBeCalledWhileOtherTasksStartAndEnd() throws InterruptedException {
        try (TaskScope scope = leaks.open("view")) {
            Thread starter =
                    new Thread(
                            () -> {
                                for (int i = 0; i < 20_000; i++) {
                                    scope.start(() -> "value");
                                }
                            });
            starter.start();
            while (starter.isAlive()) {
                for (Task<?> each : scope.tasks()) {
                    assertEquals("view", each.scope().name());
                }
            }
            starter.join();
            scope.join();
            assertEquals(Set.of(), scope.tasks());
        }
    }

    // The dump shows each task, its state, its thread, and what it waits for.
    @Test
    void aDumpShowsEveryTaskWithItsState() {
        Gate gate = new Gate();
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Gate waiting = new Gate();
        try (TaskScope scope = leaks.open("shop")) {
            Trail threads = new Trail();
            Task<Void> leaf =
                    scope.launch(
                            "leaf",
                            () -> {
                                threads.add(ThreadNames.withoutTask());
                                gate.pass();
                            });
            gate.awaitReached();
            Task<Void> stopped = scope.launch("stopped", new SlowCleanUp(never, cleanUp));
            never.awaitReached();
            stopped.cancel("not wanted");
            cleanUp.awaitReached();
            scope.launch(
                    "waiter",
                    () -> {
                        waiting.passUninterruptibly();
                        leaf.join();
                    });
            waiting.awaitReached();
            scope.start("ended", () -> "value").join();
            waiting.open();
            String dump = scope.dump();
            while (!line("waiter", "shop", dump).contains("leaf")) {
                // No gate can show that the waiter already waits for the leaf.
                Thread.onSpinWait();
                dump = scope.dump();
            }
            assertTrue(dump.lines().findFirst().orElse("").contains("shop"), dump);
            assertTrue(line("leaf", "waiter", dump).contains(threads.steps().get(0)), dump);
            assertTrue(line("stopped", "waiter", dump).contains("cancelling"), dump);
            assertFalse(line("leaf", "waiter", dump).contains("cancelling"), dump);
            assertFalse(dump.contains("ended"), dump);
            assertEquals(4, dump.lines().count() - frames(dump), dump);
            cleanUp.open();
            gate.open();
            scope.join();
            assertEquals(1, scope.dump().lines().count(), scope::dump);
        }
    }

    @Test
    void aDumpIndentsInnerScopes() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("shop")) {
            scope.launch(
                    "manager",
                    () -> {
                        try (TaskScope inner = TaskScope.open("back room")) {
                            inner.launch("packer", gate::pass).join();
                        }
                    });
            gate.awaitReached();
            String dump = scope.dump();
            int outerTask = indent(line("manager", "shop", dump));
            int innerScope = indent(line("back room", "manager", dump));
            int innerTask = indent(line("packer", "manager", dump));
            assertEquals(0, indent(line("shop", "manager", dump)), dump);
            assertTrue(innerScope > 0, dump);
            assertTrue(innerTask > outerTask, dump);
            assertTrue(innerTask >= innerScope, dump);
            gate.open();
        }
    }

    @Test
    void namesAreGivenOrCountedAndNeverChange() throws InterruptedException {
        try (TaskScope scope = leaks.open("names")) {
            assertEquals("given", scope.start("given", () -> "value").name());
            Task<String> counted = scope.start(() -> Task.current().name());
            String seenInside = counted.join();
            assertTrue(seenInside.matches("task-\\d+"), seenInside);
            assertEquals(seenInside, counted.name());

            Set<String> names = ConcurrentHashMap.newKeySet();
            List<Thread> starters = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Thread starter =
                        new Thread(
                                () -> {
                                    for (int n = 0; n < 100; n++) {
                                        assertTrue(names.add(scope.start(() -> "value").name()));
                                    }
                                });
                starters.add(starter);
                starter.start();
            }
            for (Thread starter : starters) {
                starter.join();
            }
            assertEquals(1_600, names.size());
        }
    }

    // Asyncio holds its tasks weakly, and loses them.
    @Test
    void aRunningTaskIsHeldByItsScope() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("held")) {
            scope.launch(
                    () -> {
                        gate.pass();
                        trail.add("in a scope");
                    });
            Task.launch(
                    () -> {
                        gate.pass();
                        trail.add("global");
                    });
            // The code holds no reference to the group.
            scope.gather(
                            List.of("in a group"),
                            item -> {
                                gate.pass();
                                trail.add(item);
                                return item;
                            })
                    .all();
            gate.awaitReached();
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            gate.open();
            trail.await("in a scope");
            trail.await("global");
            trail.await("in a group");
        }
    }

    @Test
    void futuresThatWaitForAPromiseAreHeldByThePromise() {
        Trail trail = new Trail();
        Promise<String> promise = Promise.create();
        promise.map(value -> value + " mapped").addDoneCallback(f -> trail.add(f.result()));
        Gather.of(promise).all().addDoneCallback(f -> trail.add(f.result()));
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        promise.complete("value");
        trail.await("value mapped");
        trail.await("[value]");
    }

    // A scope that lives long does not grow.
    @Test
    void anEndedTaskIsCollected() {
        try (TaskScope scope = leaks.open("long")) {
            WeakReference<Task<?>> ended = startAndJoin(scope);
            while (ended.get() != null) {
                System.gc();
            }
            assertNull(ended.get());
        }
    }

    private static WeakReference<Task<?>> startAndJoin(TaskScope scope) {
        Task<byte[]> task = scope.start(() -> new byte[1024]);
        task.join();
        return new WeakReference<>(task);
    }

    /** Returns a line about a part. The line of another task may name the part too, so {@code other} excludes it. */
    private static String line(String part, String other, String dump) {
        return dump.lines()
                .filter(line -> line.contains(part) && !line.contains(other))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + part + " in\n" + dump));
    }

    private static long frames(String dump) {
        // The debug mode adds a line that begins with "started at".
        return dump.lines().filter(line -> line.strip().matches("(started )?at .*")).count();
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }
}
