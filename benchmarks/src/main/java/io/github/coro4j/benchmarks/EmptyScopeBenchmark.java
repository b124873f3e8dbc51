package io.github.coro4j.benchmarks;

import io.github.coro4j.TaskScope;
import io.github.coro4j.benchmarks.kotlin.Kotlinx;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * A scope is opened and closed, and starts nothing: all on the caller's thread. The row of kotlinx has a {@code runBlocking}
 * in it, without which Java cannot open a {@code coroutineScope}.
 */
public class EmptyScopeBenchmark extends Contest {
    private static final Integer VALUE = 42;

    @Param("1")
    int n;

    @Override
    Object expected() {
        return VALUE;
    }

    @Benchmark
    public int coro4j() {
        try (TaskScope scope = TaskScope.open("request")) {
            return VALUE;
        }
    }

    @Benchmark
    public int kotlinx() {
        return Kotlinx.emptyScope(VALUE);
    }

    @Benchmark
    @Fork(
            value = 1,
            jvmArgs = {
                Contest.HEAP_FROM,
                Contest.HEAP_TO,
                Contest.NO_ASSERTIONS,
                Contest.NO_DEBUG,
                Contest.TWO_THREADS,
                Contest.PREVIEW
            })
    public int structuredTaskScope() {
        return Structured.Loaded.INSTANCE.emptyScope(VALUE);
    }
}
