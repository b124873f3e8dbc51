package io.github.coro4j.benchmarks;

import io.github.coro4j.benchmarks.kotlin.GatherFlows;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * {@code n} bodies are started, and a coroutine on the same pool collects a flow of their values in the order in which they
 * end. Kotlinx has no such flow: its row launches a coroutine for each body in a {@code channelFlow}, whose channel holds 64
 * values, so that bodies wait there for the collector; ours wait for nothing. Our flow is one of futures, which also has
 * failures in it.
 */
public class GatherFlowBenchmark extends Contest {
    @Param({"100", "10000"})
    int n;

    private List<Callable<Integer>> bodies;
    private GatherFlows flows;

    @Override
    void prepare() {
        bodies = callables(n);
        flows = new GatherFlows(onPool, executor);
    }

    @Override
    Object expected() {
        return values(n).stream().mapToInt(Integer::intValue).sum();
    }

    @Benchmark
    public int coro4j() {
        return flows.coro4j(bodies);
    }

    @Benchmark
    public int kotlinxPool() {
        return flows.kotlinx(bodies);
    }
}
