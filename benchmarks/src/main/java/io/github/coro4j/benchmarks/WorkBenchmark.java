package io.github.coro4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Gathers as {@link GatherBenchmark} does, with bodies that compute for about a microsecond. It shows what a library adds
 * to small work. The pool has two threads, so the time of an element contains half of that microsecond.
 */
@Fork(
        value = 2,
        jvmArgs = {
            Contest.HEAP_FROM,
            Contest.HEAP_TO,
            Contest.NO_ASSERTIONS,
            Contest.NO_DEBUG,
            Contest.TWO_THREADS
        })
public class WorkBenchmark extends Contest {
    /**
     * What JMH's {@code Blackhole.consumeCPU} burns in about a microsecond: a token is six dependent instructions, 2 ns at 3
     * GHz. Fixed and not calibrated, so that each contestant burns the same in each fork.
     */
    static final long TOKENS = 500;

    @Param("1000")
    int n;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;

    @Override
    void prepare() {
        long tokens = tokens();
        bodies = new ArrayList<>(n);
        suppliers = new ArrayList<>(n);
        for (Integer value : values(n)) {
            bodies.add(
                    () -> {
                        Blackhole.consumeCPU(tokens);
                        return value;
                    });
            suppliers.add(
                    () -> {
                        Blackhole.consumeCPU(tokens);
                        return value;
                    });
        }
    }

    long tokens() {
        return TOKENS;
    }

    @Override
    Object expected() {
        return values(n);
    }

    @Benchmark
    public List<Integer> coro4jGather() {
        return onPool.gather(bodies).all().join();
    }

    @Benchmark
    public List<Integer> coro4jTasks() {
        return GatherBenchmark.tasks(bodies, onPool);
    }

    @Benchmark
    public List<Integer> completableFuture() {
        return GatherBenchmark.completableFutures(suppliers, executor);
    }
}
