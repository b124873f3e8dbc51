package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Prints what a child costs in groups of {@link #SIZES}, in each order in which children can end, so that a cost that grows
 * with the size of the group is seen; the rivals' rows show how much of the growth is that of caches and collections. Then
 * runs {@link Sleepers}.
 */
public final class Scale {
    private static final int[] SIZES = {10_000, 100_000, 1_000_000};

    /** A size that would take longer, if its row grows on as it has grown, is left out, and those after it. */
    private static final double LONGEST_NANOS = 60e9;

    private static final long ENOUGH_NANOS = 1_000_000_000L;
    private static final long WARM_UP_NANOS = 1_000_000_000L;
    private static final int MOST_RUNS = 9;
    private static final Integer VALUE = 42;

    private final ExecutorService executor = Pool.FORK_JOIN.open();
    private final TaskScope scope = TaskScope.builder().name("scale").executor(executor).open();
    private final Properties measured = new Properties();

    private Scale() {}

    /** One group of so many children; sets up what it needs, and returns the nanoseconds of what counts. */
    private interface Workload {
        long nanos(int size) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Scale scale = new Scale();
        scale.print();
        scale.measured.putAll(Program.SLEEPERS.runAndRead());
        Program.leave(scale.measured);
        System.exit(0);
    }

    private void print() throws Exception {
        System.out.print("| Nanoseconds for each child |");
        for (int size : SIZES) {
            System.out.print(" n=" + size + " |");
        }
        System.out.println(" growth |");
        System.out.println("| --- |" + " --- |".repeat(SIZES.length + 1));
        row("coro4j: bodies, gathered", this::bodies);
        row("coro4j: tasks, gathered", this::tasks);
        for (Order order : Order.values()) {
            row("coro4j: promises, gathered, completed " + order, n -> promises(order.of(n)));
        }
        row("coro4j: promises, gathered, the group cancelled", this::cancel);
        row("coro4j: promises, fail fast, the last one fails", this::failFast);
        row("coro4j: callbacks on one future, called", this::callbacks);
        for (Order order : Order.values()) {
            row("coro4j: callbacks on one future, removed " + order, n -> removals(order.of(n)));
        }
        row("coro4j: sleepers, the scope cancelled", this::sleepers);
        row("completableFuture: bodies, allOf", this::completableFutureBodies);
        for (Order order : Order.values()) {
            row(
                    "completableFuture: promises, allOf, completed " + order,
                    n -> completableFutures(order.of(n)));
        }
        row("guava: promises, allAsList, completed random", n -> guava(Order.RANDOM.of(n)));
        System.out.println();
    }

    private void row(String name, Workload workload) throws Exception {
        System.out.print("| " + name + " |");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WARM_UP_NANOS) {
            workload.nanos(SIZES[0] / 10);
        }
        double first = nanosPerChild(workload, SIZES[0]);
        double last = first;
        double step = 1;
        System.out.printf(Locale.ROOT, " %,.0f |", first);
        for (int i = 1; i < SIZES.length; i++) {
            if (last * Math.max(step, 1) * SIZES[i] > LONGEST_NANOS) {
                System.out.print(" stopped |");
                last = Double.POSITIVE_INFINITY;
                continue;
            }
            double previous = last;
            last = nanosPerChild(workload, SIZES[i]);
            step = last / previous;
            System.out.printf(Locale.ROOT, " %,.0f |", last);
        }
        System.out.printf(Locale.ROOT, " %.1f |%n", last / first);
        measured.setProperty("scale." + name, Double.toString(last / first));
    }

    private static double nanosPerChild(Workload workload, int size) throws Exception {
        List<Long> runs = new ArrayList<>();
        long started = System.nanoTime();
        do {
            System.gc();
            runs.add(workload.nanos(size));
        } while (runs.size() < MOST_RUNS
                && (runs.size() < 3 || System.nanoTime() - started < ENOUGH_NANOS)
                && runs.get(0) < ENOUGH_NANOS);
        Collections.sort(runs);
        return (double) runs.get(runs.size() / 2) / size;
    }

    private long bodies(int size) {
        List<Callable<Integer>> bodies = Collections.nCopies(size, () -> VALUE);
        long started = System.nanoTime();
        expect(size, scope.gather(bodies).all().join().size());
        return System.nanoTime() - started;
    }

    private long tasks(int size) {
        Callable<Integer> body = () -> VALUE;
        long started = System.nanoTime();
        List<Task<Integer>> tasks = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            tasks.add(scope.start(body));
        }
        expect(size, Gather.of(tasks).all().join().size());
        return System.nanoTime() - started;
    }

    private static List<Promise<Integer>> create(int size) {
        List<Promise<Integer>> promises = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            promises.add(Promise.create());
        }
        return promises;
    }

    private long promises(int[] order) {
        long started = System.nanoTime();
        List<Promise<Integer>> promises = create(order.length);
        Future<List<Integer>> all = Gather.of(promises).all();
        for (int place : order) {
            promises.get(place).complete(VALUE);
        }
        expect(order.length, all.join().size());
        return System.nanoTime() - started;
    }

    private long cancel(int size) {
        long started = System.nanoTime();
        List<Promise<Integer>> promises = create(size);
        Future<List<Integer>> all = Gather.of(promises).all();
        all.cancelAndJoin("enough");
        long nanos = System.nanoTime() - started;
        expect(size, (int) promises.stream().filter(Future::isCancelled).count());
        return nanos;
    }

    private long failFast(int size) {
        long started = System.nanoTime();
        List<Promise<Integer>> promises = create(size);
        Future<List<Integer>> all = Gather.of(promises).failFast();
        promises.get(size - 1).fail(new IllegalStateException());
        all.joinOutcome();
        long nanos = System.nanoTime() - started;
        expect(size - 1, (int) promises.stream().filter(Future::isCancelled).count());
        // Read, so that it is not reported.
        if (all.exception() == null) {
            throw new IllegalStateException("the group did not fail");
        }
        return nanos;
    }

    private long callbacks(int size) {
        Arrivals arrivals = new Arrivals();
        Consumer<Future<Integer>> callback = future -> arrivals.arrive();
        long started = System.nanoTime();
        Promise<Integer> promise = Promise.create();
        for (int i = 0; i < size; i++) {
            promise.addDoneCallback(callback);
        }
        promise.complete(VALUE);
        expect(size, arrivals.await(size));
        return System.nanoTime() - started;
    }

    private long removals(int[] order) {
        Consumer<Future<Integer>> callback = future -> {};
        long started = System.nanoTime();
        Promise<Integer> promise = Promise.create();
        Registration[] registrations = new Registration[order.length];
        for (int i = 0; i < order.length; i++) {
            registrations[i] = promise.addDoneCallback(callback);
        }
        int removed = 0;
        for (int place : order) {
            if (registrations[place].remove()) {
                removed++;
            }
        }
        expect(order.length, removed);
        return System.nanoTime() - started;
    }

    private long sleepers(int size) {
        long started = System.nanoTime();
        TaskScope sleeping = TaskScope.open("sleepers");
        Future<?>[] sleepers =
                sleeping.start(
                                () -> {
                                    Future<?>[] all = new Future<?>[size];
                                    Arrays.setAll(all, i -> Task.sleep(Duration.ofHours(1)));
                                    return all;
                                })
                        .join();
        sleeping.close();
        long nanos = System.nanoTime() - started;
        expect(size, (int) Arrays.stream(sleepers).filter(Future::isCancelled).count());
        return nanos;
    }

    private long completableFutureBodies(int size) {
        List<Supplier<Integer>> bodies = Collections.nCopies(size, () -> VALUE);
        long started = System.nanoTime();
        expect(size, GatherBenchmark.completableFutures(bodies, executor).size());
        return System.nanoTime() - started;
    }

    private long completableFutures(int[] order) {
        long started = System.nanoTime();
        List<CompletableFuture<Integer>> promises = new ArrayList<>(order.length);
        for (int i = 0; i < order.length; i++) {
            promises.add(new CompletableFuture<>());
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(promises.toArray(new CompletableFuture<?>[0]));
        for (int place : order) {
            promises.get(place).complete(VALUE);
        }
        all.join();
        List<Integer> values = new ArrayList<>(order.length);
        promises.forEach(promise -> values.add(promise.join()));
        expect(order.length, values.size());
        return System.nanoTime() - started;
    }

    private long guava(int[] order) throws Exception {
        long started = System.nanoTime();
        List<SettableFuture<Integer>> promises = new ArrayList<>(order.length);
        for (int i = 0; i < order.length; i++) {
            promises.add(SettableFuture.create());
        }
        var all = Futures.allAsList(promises);
        for (int place : order) {
            promises.get(place).set(VALUE);
        }
        expect(order.length, all.get().size());
        return System.nanoTime() - started;
    }

    private static void expect(int expected, int actual) {
        if (actual != expected) {
            throw new IllegalStateException(actual + " instead of " + expected);
        }
    }
}
