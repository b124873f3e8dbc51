package io.github.coro4j.benchmarks;

import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * A request: a scope is opened, starts one task, joins it, and is closed. For every contestant most of the time is that of
 * waking a thread. {@code StructuredTaskScope} starts a virtual thread, and so does {@code coro4jOwnPool} from JDK 24 on; all
 * others run the body on the pool. An executor alone has no scope. The libraries of futures have none either, and are not
 * here.
 */
public class ScopeBenchmark extends Contest {
    private static final Integer VALUE = 42;

    @Param("1")
    int n;

    private final Callable<Integer> body = () -> VALUE;

    @Override
    Object expected() {
        return VALUE;
    }

    @Benchmark
    public int coro4j() {
        try (TaskScope scope = TaskScope.builder().name("request").executor(executor).open()) {
            return scope.start(body).join();
        }
    }

    /** On the engine's own pool. */
    @Benchmark
    public int coro4jOwnPool() {
        try (TaskScope scope = TaskScope.open("request")) {
            return scope.start(body).join();
        }
    }

    /** {@code runBlocking} on the pool, in it {@code coroutineScope}, and in that {@code async}. */
    @Benchmark
    public int kotlinxPool() {
        return kotlinxOnPool.request(body);
    }

    /** {@code submit} and {@code get}. */
    @Benchmark
    public int executorService() throws InterruptedException, ExecutionException {
        return executor.submit(body).get();
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
    public int structuredTaskScope() throws InterruptedException {
        return Structured.Loaded.INSTANCE.request(body);
    }
}
