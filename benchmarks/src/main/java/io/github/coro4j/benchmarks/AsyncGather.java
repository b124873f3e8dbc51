package io.github.coro4j.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.benchmarks.kotlin.Coro4jFromKotlin;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gathers 10,000 children that each wait for ten milliseconds, at most 1,000 of them at once, so a round takes at least 100 ms.
 * Each library waits with its own timer, and runs where it runs by default. The contestants take turns. Prints the median time
 * of a round, the bytes for each child, and the most threads that a round added.
 */
public final class AsyncGather {
    private static final int CHILDREN = 10_000;
    private static final int AT_ONCE = 1_000;
    private static final int MILLIS = 10;
    private static final Duration DURATION = Duration.ofMillis(MILLIS);
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 15;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<Integer> items = Contest.values(CHILDREN);
    private final Map<String, Supplier<List<Integer>>> contestants = new LinkedHashMap<>();

    private AsyncGather(TaskScope scope, TaskScope onPool, ScheduledThreadPoolExecutor scheduler) {
        Coro4jFromKotlin fromKotlin = new Coro4jFromKotlin(scope);
        Kotlinx kotlinx = Kotlinx.onDefault();
        contestants.put("coro4j gatherAsync", () -> async(scope));
        contestants.put("gatherAsync, two threads", () -> async(onPool));
        contestants.put(
                "coro4j gatherSuspending", () -> fromKotlin.limitDelays(items, AT_ONCE, MILLIS));
        contestants.put("kotlinx Semaphore", () -> kotlinx.limitDelays(items, AT_ONCE, MILLIS));
        contestants.put("Reactor flatMap", this::reactor);
        contestants.put("Mutiny merge", () -> mutiny(scheduler));
    }

    public static void main(String[] arguments) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
        ExecutorService pool = Pool.FORK_JOIN.open();
        try (TaskScope scope = TaskScope.open("async");
                TaskScope onPool = TaskScope.builder().name("pool").executor(pool).open()) {
            new AsyncGather(scope, onPool, scheduler).measure();
        }
        pool.shutdown();
        scheduler.shutdown();
        // The event loops of the rivals are not all daemons.
        System.exit(0);
    }

    private List<Integer> async(TaskScope scope) {
        return scope.gatherAsync(items, item -> Task.sleep(DURATION).map(none -> item))
                .concurrency(AT_ONCE)
                .all()
                .join();
    }

    private List<Integer> reactor() {
        return Flux.fromIterable(items)
                .flatMap(item -> Mono.delay(DURATION).thenReturn(item), AT_ONCE)
                .collectList()
                .block();
    }

    private List<Integer> mutiny(ScheduledThreadPoolExecutor scheduler) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUni(
                        item ->
                                Uni.createFrom()
                                        .item(item)
                                        .onItem()
                                        .delayIt()
                                        .onExecutor(scheduler)
                                        .by(DURATION))
                .merge(AT_ONCE)
                .collect()
                .asList()
                .await()
                .indefinitely();
    }

    private void measure() {
        Map<String, long[]> nanos = new HashMap<>();
        Map<String, long[]> bytes = new HashMap<>();
        Map<String, Integer> threads = new HashMap<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (var contestant : contestants.entrySet()) {
                String name = contestant.getKey();
                int before = THREADS.getThreadCount();
                THREADS.resetPeakThreadCount();
                long allocated = allocated();
                long started = System.nanoTime();
                int size = contestant.getValue().get().size();
                long took = System.nanoTime() - started;
                if (size != CHILDREN) {
                    throw new AssertionError(name + " returned " + size);
                }
                threads.merge(name, THREADS.getPeakThreadCount() - before, Math::max);
                if (round >= 0) {
                    nanos.computeIfAbsent(name, each -> new long[ROUNDS])[round] = took;
                    bytes.computeIfAbsent(name, each -> new long[ROUNDS])[round] =
                            (allocated() - allocated) / CHILDREN;
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d children of %d ms, %,d at once%n%-26s %8s %8s %8s%n",
                CHILDREN,
                MILLIS,
                AT_ONCE,
                "",
                "ms",
                "B/child",
                "threads");
        for (String name : contestants.keySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %8.1f %8d %8d%n",
                    name,
                    median(nanos.get(name)) / 1e6,
                    median(bytes.get(name)),
                    threads.get(name));
        }
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Returns what all threads that live have allocated. A round ends none of them. */
    private static long allocated() {
        long sum = 0;
        for (long each : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(each, 0);
        }
        return sum;
    }
}
