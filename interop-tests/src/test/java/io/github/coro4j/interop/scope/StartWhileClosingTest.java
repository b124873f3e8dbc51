package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingRunnable;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R23: a body that starts something while its scope closes is cancelled, and has not failed. */
class StartWhileClosingTest {
    private static final int ROUNDS = 300;
    private static final int JOBS = 4;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Closes the scope while the body runs its steps, round after round. */
    private void assertCancelled(ThrowingRunnable step) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            TaskScope scope = leaks.open("app");
            CountDownLatch begun = new CountDownLatch(1);
            Task<Void> job =
                    scope.launch(
                            "job",
                            () -> {
                                begun.countDown();
                                while (true) {
                                    step.run();
                                }
                            });
            begun.await();
            scope.close();
            assertTrue(job.isCancelled(), job::toString);
        }
    }

    @Test
    @Rule(23)
    void sleep() throws Exception {
        assertCancelled(() -> Task.sleep(Duration.ofNanos(1)).join());
    }

    @Test
    @Rule(23)
    void start() throws Exception {
        assertCancelled(() -> Task.start(() -> 1).join());
    }

    @Test
    @Rule(23)
    void innerScope() throws Exception {
        assertCancelled(() -> TaskScope.run("inner", inner -> inner.start(() -> 1).join()));
    }

    // The first close wins, also for bodies that see it before its cancel has reached them.
    @Test
    @Rule(4)
    void twoCloses_giveOneReason() throws Exception {
        Race.rounds(
                ROUNDS / 3,
                (race, random) -> {
                    TaskScope scope = leaks.open("app");
                    List<Task<Void>> jobs = new ArrayList<>();
                    CountDownLatch begun = new CountDownLatch(JOBS);
                    for (int i = 0; i < JOBS; i++) {
                        jobs.add(
                                scope.launch(
                                        () -> {
                                            begun.countDown();
                                            while (true) {
                                                Task.start(() -> 1).join();
                                            }
                                        }));
                    }
                    begun.await();
                    race.run(
                            random, () -> scope.closeAsync("one"), () -> scope.closeAsync("other"));
                    scope.close();
                    Set<String> reasons = new HashSet<>();
                    for (Task<Void> job : jobs) {
                        Throwable end = job.joinOutcome().exceptionOrNull();
                        reasons.add(assertInstanceOf(TaskCancelledException.class, end).reason());
                    }
                    assertEquals(1, reasons.size(), reasons::toString);
                });
    }
}
