package io.github.coro4j.interop.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.Gate;
import io.github.coro4j.interop.NothingLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R5: the interrupt flag never leaks into the next body on the same thread, whatever the timing. */
class InterruptLeakTest {
    private static final int ROUNDS = 2_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void aCancelThatRacesWithTheEndOfABodyIsNotSeenByTheNext() {
        try (OneThread only = new OneThread("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("race").executor(only).open())) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        int length = random.nextInt(300);
                        AtomicBoolean begun = new AtomicBoolean();
                        Task<Void> raced =
                                scope.launch(
                                        "raced",
                                        () -> {
                                            begun.set(true);
                                            Race.spin(length);
                                        });
                        Task<Boolean> next = scope.start("next", InterruptLeakTest::sawTheFlag);
                        while (!begun.get()) {
                            Thread.onSpinWait();
                        }
                        Race.spin(random.nextInt(600));
                        boolean accepted = raced.cancel("raced");

                        assertFalse(next.join(), "the next body found the interrupt flag set");
                        assertEquals(accepted, raced.joinOutcome() instanceof Outcome.Cancelled);
                    });
        }
    }

    @Test
    void theThreadComesBackToItsOwnerWithoutTheFlag() {
        try (OneThread only = new OneThread("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("race").executor(only).open())) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        AtomicBoolean begun = new AtomicBoolean();
                        Task<Void> raced =
                                scope.launch(
                                        "raced",
                                        () -> {
                                            begun.set(true);
                                            Race.spin(300);
                                        });
                        while (!begun.get()) {
                            Thread.onSpinWait();
                        }
                        Race.spin(random.nextInt(600));
                        raced.cancel("raced");
                        raced.joinOutcome();
                        scope.launch(() -> {}).join();

                        assertEquals(
                                0,
                                only.flagsLeft(),
                                "the executor got its thread back interrupted");
                    });
        }
    }

    @Test
    void aFlagThatABodySetItselfIsNotSeenByTheNext() {
        try (OneThread only = new OneThread("only");
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
    void aCancelledBodyThatRestoresTheFlagDoesNotPassItOn() {
        try (OneThread only = new OneThread("only");
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
                                    Thread.currentThread().interrupt(); // as the books say
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
    void aCallbackOnTheSameThreadDoesNotSeeTheFlag() throws Exception {
        try (OneThread only = new OneThread("only");
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
            Hand.awaitDone(task); // added later on the same executor, so it runs after the first

            assertFalse(seen.get());
        }
    }

    @Test
    void onTheDefaultExecutorNoTaskSeesTheCancelOfAnother() {
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
                                0, seen.get(), "a body found a flag that was not meant for it");
                    });
        }
    }

    private static boolean sawTheFlag() {
        boolean atTheStart = Thread.currentThread().isInterrupted();
        Race.spin(300);
        return atTheStart | Thread.currentThread().isInterrupted();
    }
}
