package io.github.coro4j.benchmarks;

import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * {@code n} bodies that each block a thread for a millisecond. Every contestant runs them on what it has for such bodies, and
 * none on the pool of two threads: ours on the engine's own pool, which grows while its threads are blocked and is virtual
 * threads from JDK 24 on; beside it a cached thread pool before JDK 24, and virtual threads from JDK 21 on. A cached pool
 * starts a thread for each body that finds none idle, without a limit, and keeps them between two calls.
 */
public class BlockBenchmark extends Contest {
    private static final int MILLIS = 1;

    @Param("10000")
    int n;

    private List<Callable<Integer>> bodies;
    private TaskScope onOwnPool;
    private ExecutorService cached;

    @Override
    void prepare() {
        bodies = new ArrayList<>(n);
        for (Integer value : values(n)) {
            bodies.add(
                    () -> {
                        Thread.sleep(MILLIS);
                        return value;
                    });
        }
        onOwnPool = TaskScope.open("own pool");
        cached = Executors.newCachedThreadPool();
    }

    @Override
    void release() {
        cached.shutdown();
        onOwnPool.close();
    }

    @Override
    Object expected() {
        return values(n);
    }

    @Benchmark
    public List<Integer> coro4jGather() {
        return onOwnPool.gather(bodies).all().join();
    }

    @Benchmark
    public List<Integer> coro4jTasks() {
        return GatherBenchmark.tasks(bodies, onOwnPool);
    }

    @Benchmark
    public List<Integer> cachedThreadPool() throws InterruptedException, ExecutionException {
        return GatherVirtualBenchmark.submit(bodies, cached);
    }

    @Benchmark
    public List<Integer> virtualThreads() throws InterruptedException, ExecutionException {
        ExecutorService threads = Pool.VIRTUAL.open();
        List<Integer> values = GatherVirtualBenchmark.submit(bodies, threads);
        threads.shutdown();
        return values;
    }
}
