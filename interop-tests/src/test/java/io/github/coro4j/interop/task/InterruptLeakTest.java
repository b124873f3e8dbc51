package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The next body on the same thread never sees the interrupt flag of the body before it. */
@Rule(5)
class InterruptLeakTest {
    private static final int BATCHES = 100;
    private static final int BATCH = 100;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void cancelThatRacesWithTheEndOfABody_isNotSeenByTheNextBody() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("race").executor(only).open())) {
            Aim aim = new Aim();
            Race.rounds(BATCHES, (race, random) -> runPairs(only, scope, random, aim));
            assertTrue(aim.early > 0, "no cancel met a running body, so nothing was tested");
        }
    }

    /** Moves the cancels close to the end of the body, so that on any machine half of the interrupts come too late. */
    private static final class Aim {
        private static final int LENGTH = 300;
        private int delay = LENGTH;
        private int early;

        void learn(boolean wasEarly) {
            early += wasEarly ? 1 : 0;
            delay = Math.max(0, Math.min(2 * LENGTH, delay + (wasEarly ? 1 : -1)));
        }
    }

    /**
     * Queues pairs of bodies, so that the thread goes from one body to the next at once. A cancel reaches the first of each
     * pair near its end, and the second reads the interrupt flag.
     */
    private static void runPairs(OneThreadExecutor only, TaskScope scope, Random random, Aim aim) {
        Gate gate = new Gate();
        scope.launch("blocker", gate::pass);
        AtomicInteger begun = new AtomicInteger(-1);
        AtomicInteger aimedAt = new AtomicInteger(-1);
        AtomicIntegerArray flags = new AtomicIntegerArray(BATCH);
        List<Task<Void>> raced = new ArrayList<>();
        List<Task<Boolean>> next = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            int number = i;
            raced.add(
                    scope.launch(
                            "raced",
                            () -> {
                                begun.set(number);
                                while (aimedAt.get() < number) {
                                    Thread.yield();
                                }
                                Race.spin(Aim.LENGTH);
                                flags.set(number, Thread.currentThread().isInterrupted() ? 1 : 0);
                            }));
            next.add(scope.start("next", InterruptLeakTest::sawTheFlag));
        }
        gate.open();
        for (int i = 0; i < BATCH; i++) {
            while (begun.get() < i) {
                Thread.yield();
            }
            aimedAt.set(i);
            Race.spin(aim.delay + random.nextInt(5));
            raced.get(i).cancel("raced");
            assertFalse(next.get(i).join(), "the next body found the interrupt flag set");
            raced.get(i).joinOutcome();
            aim.learn(flags.get(i) == 1);
        }
        // A late interrupt may also reach the thread between two bodies.
        assertEquals(0, only.flagsLeft(), "the executor got its thread back with the flag set");
    }

    @Test
    void flagThatABodySets_isNotSeenByTheNextBody() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("flags").executor(only).open())) {
            Task<String> setter =
                    scope.start(
                            "setter",
                            () -> {
                                Thread.currentThread().interrupt();
                                return "value";
                            });
            Task<Boolean> next = scope.start("next", InterruptLeakTest::sawTheFlag);

            assertEquals("value", setter.join());
            assertFalse(next.join());
        }
    }

    @Test
    void flagThatACancelledBodyRestores_isNotSeenByTheNextBody() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("flags").executor(only).open())) {
            Gate gate = new Gate();
            Task<Void> polite =
                    scope.launch(
                            "polite",
                            () -> {
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt(); // as textbooks recommend
                                }
                            });
            Task<Boolean> next = scope.start("next", InterruptLeakTest::sawTheFlag);
            gate.awaitReached();

            assertTrue(polite.cancel("enough"));

            assertFalse(next.join());
            assertTrue(polite.isCancelled());
        }
    }

    @Test
    void callbackOnTheSameThread_doesNotSeeTheFlag() throws Exception {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(
                                TaskScope.builder()
                                        .name("flags")
                                        .executor(only)
                                        .callbackExecutor(only)
                                        .open())) {
            AtomicBoolean seen = new AtomicBoolean();
            Gate gate = new Gate();
            Task<Void> task =
                    scope.launch(
                            "polite",
                            () -> {
                                try {
                                    gate.pass();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            task.addDoneCallback(each -> seen.set(Thread.currentThread().isInterrupted()));
            gate.awaitReached();
            task.cancel("enough");
            ControlledFuture.awaitDone(
                    task); // this adds a later callback on the same executor, so it runs after the
            // first

            assertFalse(seen.get());
        }
    }

    @Test
    void defaultExecutor_noTaskSeesTheFlagOfAnother() {
        try (TaskScope scope = leaks.open("crowd")) {
            Race.rounds(
                    50,
                    (race, random) -> {
                        AtomicInteger seen = new AtomicInteger();
                        List<Task<?>> cancelled = new ArrayList<>();
                        List<Task<?>> left = new ArrayList<>();
                        for (int i = 0; i < 20; i++) {
                            int length = random.nextInt(200);
                            cancelled.add(scope.launch(() -> Race.spin(length)));
                            left.add(
                                    scope.launch(
                                            () -> {
                                                Race.spin(length);
                                                if (Thread.currentThread().isInterrupted()) {
                                                    seen.incrementAndGet();
                                                }
                                            }));
                        }
                        cancelled.forEach(each -> each.cancel("raced"));
                        left.forEach(Task::join);
                        cancelled.forEach(Task::joinOutcome);

                        assertEquals(
                                0, seen.get(), "a body saw the interrupt flag of another body");
                    });
        }
    }

    private static boolean sawTheFlag() {
        boolean atTheStart = Thread.currentThread().isInterrupted();
        Race.spin(300);
        return atTheStart | Thread.currentThread().isInterrupted();
    }

    // If a body ends with its interrupt flag set, the engine clears the flag.
    @Test
    void flagThatABodyLeavesSet_isCleared() {
        Gate never = new Gate();
        Trail trail = new Trail();
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        Executor watched =
                body ->
                        oneThread.execute(
                                () -> {
                                    body.run();
                                    if (Thread.interrupted()) {
                                        trail.add(
                                                "the thread returned to its pool with the flag set");
                                    }
                                });
        try (TaskScope scope = leaks.open("hygiene", watched)) {
            scope.launch("sets it", () -> Thread.currentThread().interrupt()).join();
            assertFalse(scope.start(() -> Thread.currentThread().isInterrupted()).join());

            Task<Void> stopped =
                    scope.launch(
                            "keeps it",
                            () -> {
                                try {
                                    never.pass();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            never.awaitReached();
            stopped.cancelAndJoin("not wanted");
            assertFalse(scope.start(() -> Thread.currentThread().isInterrupted()).join());
        } finally {
            oneThread.shutdown();
        }
        trail.assertSteps();
    }
}
