package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump is well-formed and throws nothing while tasks start, wait and end, and scopes open and close. */
@Timeout(120)
class DumpStressTest {
    private static final Set<String> STATES =
            Set.of("pending", "queued", "running", "withoutPermit", "ending", "ended");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aDumpAtAnyMomentIsWellFormed(long seed) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        List<Throwable> wrong = new ArrayList<>();
        try (TaskScope scope = leaks.open("busy")) {
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(seed * 31 + i);
                Thread worker =
                        new Thread(
                                () -> {
                                    try {
                                        for (int n = 0; n < 300; n++) {
                                            something(scope, random);
                                        }
                                    } catch (Throwable e) {
                                        synchronized (wrong) {
                                            wrong.add(e);
                                        }
                                    } finally {
                                        stop.set(true);
                                    }
                                });
                workers.add(worker);
                worker.start();
            }
            do {
                check(scope);
            } while (!stop.get());
            for (Thread worker : workers) {
                worker.join();
            }
            scope.cancel("end of the test");
        }
        leaks.takeReports(); // cancels at random moments cause failures
        assertEquals(List.of(), wrong);
    }

    private static void check(TaskScope scope) {
        Map<String, Object> json = JsonText.parse(scope.dumpJson());
        Dump.all(json)
                .filter(each -> !each.get("kind").equals("scope"))
                .forEach(
                        job -> {
                            assertTrue(STATES.contains(job.get("state")), job::toString);
                            // A group that has ended is shown only while children run on.
                            assertTrue(
                                    !job.get("state").equals("ended")
                                            || job.get("kind").equals("gather") && runsOn(job),
                                    job::toString);
                            assertTrue(Dump.number(job, "ageSeconds") < 100, job::toString);
                            assertFalse(job.toString().contains("coro4j.internal"), job::toString);
                            // A stack belongs to the body above it, or is missing.
                            String name = (String) job.get("name");
                            String stack = String.valueOf(job.get("stack"));
                            assertFalse(
                                    stack.contains(".spin(") && !name.startsWith("spin"),
                                    job::toString);
                            assertFalse(
                                    stack.contains(".nap(") && !name.startsWith("nap"),
                                    job::toString);
                        });
        String text = scope.dump();
        assertTrue(text.startsWith("scope \"busy\" (open, age "), text);
        assertFalse(text.contains("(succeeded"), text);
    }

    @SuppressWarnings("unchecked")
    private static boolean runsOn(Map<String, Object> gather) {
        return Dump.number((Map<String, Object>) gather.get("children"), "total") > 0;
    }

    private static void something(TaskScope scope, Random random) {
        switch (random.nextInt(5)) {
            case 0 -> {
                Task<Void> task = scope.launch("spin", () -> spin(random.nextInt(1_000)));
                if (random.nextBoolean()) {
                    task.cancel("changed my mind");
                }
            }
            case 1 -> {
                Task<Void> task = scope.launch("nap", DumpStressTest::nap);
                scope.launch("waits", () -> task.join());
                task.cancel("wake up");
            }
            case 2 -> {
                Future<?> group =
                        scope.gather(IntStream.range(0, 8).boxed().toList(), i -> i / (i % 5))
                                .concurrency(1 + random.nextInt(8))
                                .failFast();
                group.cancel("no longer needed");
            }
            case 3 -> scope.launch("outer", DumpStressTest::openAndClose);
            default ->
                    scope.start(() -> 1)
                            .map(i -> i + 1)
                            .flatMap(i -> scope.start(() -> i))
                            .joinOutcome();
        }
    }

    private static void spin(int rounds) {
        for (int i = 0; i < rounds; i++) {
            Task.checkCancelled();
            Thread.onSpinWait();
        }
    }

    private static synchronized void nap() throws InterruptedException {
        DumpStressTest.class.wait();
    }

    private static void openAndClose() {
        try (TaskScope inner = TaskScope.open("inner")) {
            inner.launch("nap", DumpStressTest::nap);
            inner.start(() -> 2).join();
        }
    }
}
