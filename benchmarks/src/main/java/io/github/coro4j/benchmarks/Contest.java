package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.TaskScope;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One workload, with a method for each contestant: the name says who. All start from the caller's thread, run on the same
 * pool where they take one, and build the list of results; no body allocates. So what is measured is what each library adds.
 *
 * <p>One call is one group; {@link Table} divides by its size, {@code n}. What {@link #expected()} says, each method must
 * return: {@link Check} calls them all.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {
            Contest.HEAP_FROM,
            Contest.HEAP_TO,
            Contest.NO_ASSERTIONS,
            Contest.NO_DEBUG,
            Contest.TWO_THREADS
        })
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Contest {
    static final String HEAP_FROM = "-Xms512m";
    static final String HEAP_TO = "-Xmx512m";
    static final String NO_ASSERTIONS = "-da";
    static final String NO_DEBUG = "-Dkotlinx.coroutines.debug=off";

    /** For {@code Dispatchers.Default}: as many as {@link Pool} has, whatever the machine. */
    static final String TWO_THREADS = "-Dkotlinx.coroutines.scheduler.core.pool.size=2";

    static final String PREVIEW = "--enable-preview";

    ExecutorService executor;
    ListeningExecutorService listening;
    TaskScope onPool;
    Kotlinx kotlinxOnPool;
    Kotlinx kotlinxOnDefault;

    @Setup
    public final void open() {
        executor = pool().open();
        listening = MoreExecutors.listeningDecorator(executor);
        onPool = TaskScope.builder().name("pool").executor(executor).open();
        kotlinxOnPool = Kotlinx.on(executor);
        kotlinxOnDefault = Kotlinx.onDefault();
        prepare();
    }

    @TearDown
    public final void close() {
        release();
        onPool.close();
        executor.shutdown();
    }

    /** What every contestant of this workload must return. */
    abstract Object expected();

    Pool pool() {
        return Pool.FORK_JOIN;
    }

    void prepare() {}

    void release() {}

    /** Values from the cache of small Integers, so that no contestant allocates one. */
    static List<Integer> values(int n) {
        List<Integer> values = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            values.add(i & 127);
        }
        return values;
    }

    static List<Callable<Integer>> callables(int n) {
        List<Callable<Integer>> bodies = new ArrayList<>(n);
        for (Integer value : values(n)) {
            bodies.add(() -> value);
        }
        return bodies;
    }

    static List<Supplier<Integer>> suppliers(int n) {
        List<Supplier<Integer>> bodies = new ArrayList<>(n);
        for (Integer value : values(n)) {
            bodies.add(() -> value);
        }
        return bodies;
    }
}
