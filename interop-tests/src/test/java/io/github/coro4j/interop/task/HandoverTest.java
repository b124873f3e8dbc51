package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A start, a read and a callback publish plain fields, so user code needs no lock. */
@Rule(26)
class HandoverTest {
    private static final int ROUNDS = 10_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The fields are neither volatile nor guarded, on purpose. */
    private static final class Box {
        private int a;
        private int b;
        private int[] made;
    }

    @Test
    void writesOfTheCallerAndTheBody_areSeenByTheReader() {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < ROUNDS; round++) {
                Box box = new Box();
                box.a = round;
                box.made = new int[] {round};
                Task<Integer> task =
                        scope.start(
                                () -> {
                                    int seen = box.a + box.made[0];
                                    box.b = seen + 1;
                                    box.made = new int[] {seen, seen};
                                    return seen;
                                });
                assertEquals(2 * round, task.join());
                assertEquals(2 * round + 1, box.b);
                assertEquals(2 * round, box.made[1]);
            }
        }
    }

    // isDone() publishes the writes of the body too, although it does not wait.
    @Test
    void writesOfTheBody_areSeenOnceIsDoneIsTrue() {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < ROUNDS; round++) {
                Box box = new Box();
                int value = round;
                Task<Void> task =
                        scope.launch(
                                () -> {
                                    box.a = value;
                                    box.b = value;
                                });
                while (!task.isDone()) {
                    Thread.onSpinWait();
                }
                task.result();
                assertEquals(round, box.a);
                assertEquals(round, box.b);
            }
        }
    }

    @Test
    void writesOfTheBody_areSeenByACallback() throws InterruptedException {
        List<Box> wrong = new ArrayList<>();
        Semaphore ended = new Semaphore(0);
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < ROUNDS; round++) {
                Box box = new Box();
                int value = round;
                Task<Void> task =
                        scope.launch(
                                () -> {
                                    box.a = value;
                                    box.b = value;
                                });
                task.addDoneCallback(
                        f -> {
                            if (box.a != value || box.b != value) {
                                synchronized (wrong) {
                                    wrong.add(box);
                                }
                            }
                            ended.release();
                        });
            }
            ended.acquire(ROUNDS);
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " callbacks saw old values");
    }

    // Callbacks of one future on one executor run one after another. Each sees the writes of the
    // callbacks before it.
    @Test
    void writesOfACallback_areSeenByTheNextCallback() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        Semaphore ended = new Semaphore(0);
        int[] wrong = new int[1];
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < 2_000; round++) {
                Box box = new Box();
                Promise<String> promise = Promise.create();
                for (int i = 0; i < 5; i++) {
                    int place = i;
                    promise.addDoneCallback(
                            f -> {
                                if (box.a != place) {
                                    synchronized (wrong) {
                                        wrong[0]++;
                                    }
                                }
                                box.a++;
                                ended.release();
                            },
                            pool);
                }
                scope.launch(() -> promise.complete("value"));
            }
            ended.acquire(10_000);
        } finally {
            pool.shutdown();
        }
        synchronized (wrong) {
            assertEquals(0, wrong[0]);
        }
    }

    @Test
    void writesBeforeAComplete_areSeenByTheReaderOfThePromise() {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < ROUNDS; round++) {
                Promise<Box> promise = Promise.create();
                int value = round;
                scope.launch(
                        () -> {
                            Box box = new Box();
                            box.a = value;
                            box.made = new int[] {value};
                            promise.complete(box);
                        });
                Box box = promise.join();
                assertEquals(round, box.a);
                assertEquals(round, box.made[0]);
            }
        }
    }

    @Test
    void writesOfTheChildren_areSeenByTheReaderOfTheGroup() {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < 2_000; round++) {
                Box[] boxes = {new Box(), new Box(), new Box()};
                int value = round;
                Future<List<Integer>> group =
                        scope.gather(
                                        List.of(0, 1, 2),
                                        i -> {
                                            boxes[i].a = value;
                                            return i;
                                        })
                                .concurrency(2)
                                .all();
                Future<Integer> sum =
                        group.map(
                                list -> {
                                    int total = 0;
                                    for (Box box : boxes) {
                                        total += box.a;
                                    }
                                    return total;
                                });
                assertEquals(3 * round, sum.join());
                for (Box box : boxes) {
                    assertEquals(round, box.a);
                }
            }
        }
    }

    // A body waits for other bodies, and may run them itself inside the wait.
    @Test
    void writesOfInnerBodies_areSeenByTheBodyThatJoinsThem() {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < 2_000; round++) {
                Box box = new Box();
                Task<Integer> last =
                        scope.start(
                                () -> {
                                    box.a = 1;
                                    Task.launch(() -> box.a++).join();
                                    Gather.of(Task.launch(() -> box.a++)).all().join();
                                    return box.a;
                                });
                assertEquals(3, last.join());
            }
        }
    }

    // A cancelled body has ended, so the reader sees the writes of its clean-up.
    @Test
    void writesOfACleanUp_areSeenByTheCanceller() throws InterruptedException {
        try (TaskScope scope = leaks.open("handover")) {
            for (int round = 0; round < 2_000; round++) {
                Box box = new Box();
                CountDownLatch started = new CountDownLatch(1);
                CountDownLatch never = new CountDownLatch(1);
                Task<Void> task =
                        scope.launch(
                                () -> {
                                    try {
                                        started.countDown();
                                        never.await();
                                    } finally {
                                        box.a = 1;
                                    }
                                });
                started.await();
                task.cancelAndJoin("not wanted");
                assertEquals(1, box.a);
            }
        }
    }
}
