package io.github.coro4j.interop.soak;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Runs many short tasks of every kind, with every kind of end, in one scope that stays open. After each tenth of the tasks it
 * collects garbage and measures memory and threads. It exits with 1 if these grow.
 *
 * <p>Arguments: the number of tasks, and {@code leak} for the control, which keeps a small object for each task.
 */
final class Soak {
    private static final int LOOKS = 10;

    /** The number of bytes by which the heap may grow between the second measurement and any later one. */
    private static final long HEAP_SLACK = 2 << 20;

    /** The room for classes that the JDK and its agents create late. */
    private static final long METASPACE_SLACK = 4 << 20;

    /** On a slow machine the growing pool adds some hundred threads. A leak adds thousands. */
    private static final int THREAD_SLACK = 500;

    private static final List<Integer> ITEMS = IntStream.range(0, 100).boxed().toList();

    private final TaskScope scope;
    private final TaskScope refusing;
    private final List<Object> kept;
    private final LongAdder counted = new LongAdder();
    private long tasks;
    private long expectedCallbacks;

    private Soak(TaskScope scope, TaskScope refusing, List<Object> kept) {
        this.scope = scope;
        this.refusing = refusing;
        this.kept = kept;
    }

    /** A measurement after garbage collection. */
    private record Look(long tasks, long heap, long metaspace, int threads) {
        static Look now(long tasks) {
            // The second collection takes the objects that a cleaner or a reference queue has
            // released.
            System.gc();
            System.gc();
            long metaspace = 0;
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                if (pool.getName().equals("Metaspace")) {
                    metaspace = pool.getUsage().getUsed();
                }
            }
            return new Look(
                    tasks,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    metaspace,
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }

        boolean isGrownSince(Look before) {
            return heap - before.heap > HEAP_SLACK
                    || metaspace - before.metaspace > METASPACE_SLACK
                    || threads - before.threads > THREAD_SLACK;
        }

        @Override
        public String toString() {
            return "%,12d tasks: heap %,11d B, metaspace %,11d B, %d threads"
                    .formatted(tasks, heap, metaspace, threads);
        }
    }

    public static void main(String[] arguments) throws Exception {
        long count = Long.parseLong(arguments[0]);
        List<Object> kept =
                arguments.length > 1 && arguments[1].equals("leak") ? new ArrayList<>() : null;
        boolean grown;
        try (TaskScope scope = TaskScope.open("soak");
                TaskScope refusing =
                        TaskScope.builder()
                                .name("refusing")
                                .executor(
                                        work -> {
                                            throw new RejectedExecutionException("full");
                                        })
                                .open()) {
            grown = new Soak(scope, refusing, kept).run(count);
        }
        System.out.println(grown ? "grown by more than the slack" : "flat");
        System.exit(grown ? 1 : 0);
    }

    private boolean run(long count) throws Exception {
        List<Look> looks = new ArrayList<>();
        for (int i = 1; i <= LOOKS; i++) {
            while (tasks < count * i / LOOKS) {
                round();
            }
            scope.join();
            TaskScope.global().join();
            looks.add(Look.now(tasks));
            System.out.println(looks.get(i - 1));
        }
        if (counted.sum() != expectedCallbacks) {
            throw new AssertionError(
                    counted.sum() + " callbacks ran instead of " + expectedCallbacks);
        }
        // The first measurement includes classes and caches that are created only once.
        Look base = looks.get(1);
        return looks.stream().skip(2).anyMatch(look -> look.isGrownSince(base));
    }

    /** Runs some hundred tasks of every kind. */
    private void round() throws Exception {
        startedTasks();
        gathers();
        promises();
        failures();
        cancels();
        timedOutWaits();
        inner();
    }

    private <T> Future<T> counted(Future<T> future) {
        expectedCallbacks++;
        future.addDoneCallback(done -> counted.increment());
        return future;
    }

    private void count(int started) {
        tasks += started;
        for (int i = 0; kept != null && i < started; i++) {
            kept.add(new long[2]);
        }
    }

    private void startedTasks() {
        List<Future<Integer>> started = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int value = i;
            started.add(
                    counted(
                            i % 2 == 0
                                    ? scope.start(() -> value)
                                    : scope.start("named", () -> value)));
        }
        for (Future<Integer> each : started) {
            each.join();
        }
        count(200);
    }

    private void gathers() {
        counted(scope.gather(ITEMS, item -> item + 1).all()).join();
        counted(scope.gather(ITEMS, item -> item + 1).concurrency(4).settled()).join();
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int item : ITEMS) {
            tasks.add(scope.start(() -> item));
        }
        counted(Gather.of(tasks).all()).join();
        counted(Gather.of(tasks).settled()).map(List::size).join();
        count(300);
    }

    private void promises() {
        for (int i = 0; i < 20; i++) {
            Promise<Integer> promise = Promise.create();
            Future<Integer> end = promise.map(value -> value + 1).flatMap(Future::completed);
            Future<Integer> late = promise.orTimeout(Duration.ofDays(1)).shield();
            counted(late);
            promise.toCompletableFuture();
            // No code completes this promise, and no code keeps it.
            Promise.create().map(value -> value).addDoneCallback(done -> counted.increment());
            promise.complete(i);
            end.join();
            late.join();
        }
        count(20);
    }

    private void failures() {
        for (int i = 0; i < 20; i++) {
            Task<Object> failing =
                    scope.start(
                            () -> {
                                throw new IOException("planned");
                            });
            counted(failing).joinOutcome();
            failing.recover(failure -> "instead").join();
            refusing.start(() -> 1).joinOutcome();
        }
        count(40);
    }

    private void cancels() {
        for (int i = 0; i < 20; i++) {
            Task<Void> blocked = scope.launch(() -> new CountDownLatch(1).await());
            counted(blocked).cancelAndJoin("enough");
            Future<?> group =
                    scope.gather(List.of(1, 2, 3), item -> new CountDownLatch(item).getCount())
                            .concurrency(1)
                            .all();
            group.cancelAndJoin("enough");
        }
        count(80);
    }

    private void timedOutWaits() throws Exception {
        Promise<Integer> promise = Promise.create();
        Task<Integer> pending = scope.start(promise::join);
        for (int i = 0; i < 5; i++) {
            try {
                pending.join(Duration.ofNanos(1));
            } catch (TimeoutException e) {
                // The wait is meant to time out.
            }
            pending.shield().cancel("enough");
            pending.addDoneCallback(done -> counted.increment()).remove();
        }
        promise.complete(1);
        pending.join();
        count(1);
    }

    private void inner() {
        scope.launch(
                        () ->
                                TaskScope.run(
                                        "inner",
                                        inner -> {
                                            inner.launch(() -> {});
                                            return Task.sleep(Duration.ofNanos(1));
                                        }))
                .join();
        count(3);
    }
}
