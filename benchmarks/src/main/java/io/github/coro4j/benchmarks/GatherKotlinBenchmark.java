package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.Coro4jFromKotlin;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Gathers as {@link GatherBenchmark} does, with Kotlin lambdas for bodies, called from Kotlin. */
public class GatherKotlinBenchmark extends Contest {
    @Param({"100", "10000"})
    int n;

    private List<Integer> items;
    private Coro4jFromKotlin coro4j;

    @Override
    void prepare() {
        items = values(n);
        coro4j = new Coro4jFromKotlin(onPool);
    }

    @Override
    Object expected() {
        return values(n);
    }

    @Benchmark
    public List<Integer> coro4jGather() {
        return coro4j.gather(items);
    }

    @Benchmark
    public List<Integer> coro4jTasks() {
        return coro4j.tasks(items);
    }

    @Benchmark
    public List<Integer> kotlinxDefault() {
        return kotlinxOnDefault.gatherLambdas(items);
    }

    /** All from inside the dispatcher, with no hand-over from a thread outside. */
    @Benchmark
    public List<Integer> kotlinxDefaultInside() {
        return kotlinxOnDefault.gatherInside(items);
    }

    @Benchmark
    public List<Integer> kotlinxPool() {
        return kotlinxOnPool.gatherLambdas(items);
    }
}
