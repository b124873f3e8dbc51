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
 * Many short tasks in one scope that stays open, of every kind and with every kind of end; after each tenth of them it
 * collects garbage and looks at what is left. Exits with 1 if that grows.
 *
 * <p>Arguments: how many tasks, and {@code leak} for the control, which keeps something for each task on purpose.
 */
final class Soak {
    private static final int LOOKS = 10;

    /** What the heap may grow by, between the second look and any later one. */
    private static final long HEAP_SLACK = 2 << 20;

    /** Classes made late, by the JDK and by the tools that watch it. */
    private static final long METASPACE_SLACK = 4 << 20;

    /** The growing pool adds some hundred where a machine is slow; a thread that leaks does so thousands of times. */
    private static final int THREAD_SLACK = 500;

    private static final List<Integer> ITEMS = IntStream.range(0, 100).boxed().toList();

    private final TaskScope scope;
    private final TaskScope refusing;
    private final List<Object> kept;
    private final LongAdder told = new LongAdder();
    private long tasks;
    private long expectedTold;

    private Soak(TaskScope scope, TaskScope refusing, List<Object> kept) {
        this.scope = scope;
        this.refusing = refusing;
        this.kept = kept;
    }

    /** After garbage has been collected. */
    private record Look(long tasks, long heap, long metaspace, int threads) {
        static Look now(long tasks) {
            // Twice: what a cleaner or a reference queue lets go of goes with the second one.
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
        if (told.sum() != expectedTold) {
            throw new AssertionError(told.sum() + " callbacks ran instead of " + expectedTold);
        }
        // The first look sees classes that are loaded, and caches that are filled, once.
        Look base = looks.get(1);
        return looks.stream().skip(2).anyMatch(look -> look.isGrownSince(base));
    }

    /** Some hundred tasks of every kind. */
    private void round() throws Exception {
        startAndTell();
        gathers();
        promises();
        failures();
        cancels();
        waitsInVain();
        inner();
    }

    private <T> Future<T> told(Future<T> future) {
        expectedTold++;
        future.addDoneCallback(done -> told.increment());
        return future;
    }

    private void count(int started) {
        tasks += started;
        for (int i = 0; kept != null && i < started; i++) {
            kept.add(new long[2]);
        }
    }

    private void startAndTell() {
        List<Future<Integer>> started = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int value = i;
            started.add(
                    told(
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
        told(scope.gather(ITEMS, item -> item + 1).all()).join();
        told(scope.gather(ITEMS, item -> item + 1).concurrency(4).settled()).join();
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int item : ITEMS) {
            tasks.add(scope.start(() -> item));
        }
        told(Gather.of(tasks).all()).join();
        told(Gather.of(tasks).settled()).map(List::size).join();
        count(300);
    }

    private void promises() {
        for (int i = 0; i < 20; i++) {
            Promise<Integer> promise = Promise.create();
            Future<Integer> end = promise.map(value -> value + 1).flatMap(Future::completed);
            Future<Integer> late = promise.orTimeout(Duration.ofDays(1)).shield();
            told(late);
            promise.toCompletableFuture();
            // Nobody completes this one, and nobody holds it.
            Promise.create().map(value -> value).addDoneCallback(done -> told.increment());
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
            told(failing).joinOutcome();
            failing.recover(failure -> "instead").join();
            refusing.start(() -> 1).joinOutcome();
        }
        count(40);
    }

    private void cancels() {
        for (int i = 0; i < 20; i++) {
            Task<Void> blocked = scope.launch(() -> new CountDownLatch(1).await());
            told(blocked).cancelAndJoin("enough");
            Future<?> group =
                    scope.gather(List.of(1, 2, 3), item -> new CountDownLatch(item).getCount())
                            .concurrency(1)
                            .all();
            group.cancelAndJoin("enough");
        }
        count(80);
    }

    private void waitsInVain() throws Exception {
        Promise<Integer> promise = Promise.create();
        Task<Integer> pending = scope.start(promise::join);
        for (int i = 0; i < 5; i++) {
            try {
                pending.join(Duration.ofNanos(1));
            } catch (TimeoutException e) {
                // as planned
            }
            pending.shield().cancel("enough");
            pending.addDoneCallback(done -> told.increment()).remove();
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
