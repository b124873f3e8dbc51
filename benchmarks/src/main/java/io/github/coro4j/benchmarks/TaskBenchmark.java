package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CoroutineScope;
import kotlinx.coroutines.CoroutineScopeKt;
import kotlinx.coroutines.CoroutineStart;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.ExecutorsKt;
import kotlinx.coroutines.SupervisorKt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One task all told: start, body, end, and the read of a value that is there. No waiting and no group, so that the bytes
 * are those of the task alone, with the pool's own wrapper.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(TaskBenchmark.TASKS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms512m", "-Xmx512m", "-da", "-Dkotlinx.coroutines.debug=off"})
@Warmup(iterations = 4, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
public class TaskBenchmark {
    static final int TASKS = 1_000;

    @Param({"FORK_JOIN"})
    Pool pool;

    private final Callable<Integer> body = () -> 42;
    private final Supplier<Integer> supplier = () -> 42;
    private final Future<?>[] futures = new Future<?>[TASKS];
    private final Deferred<?>[] deferreds = new Deferred<?>[TASKS];
    private ExecutorService executor;
    private ListeningExecutorService listening;
    private CoroutineScope coroutines;
    private TaskScope onPool;
    private TaskScope onDefault;

    @Setup
    public void open() {
        executor = pool.open();
        listening = MoreExecutors.listeningDecorator(executor);
        coroutines =
                CoroutineScopeKt.CoroutineScope(
                        ExecutorsKt.from(executor).plus(SupervisorKt.SupervisorJob(null)));
        onPool = TaskScope.builder().name("pool").executor(executor).open();
        onDefault = TaskScope.open("default");
    }

    @TearDown
    public void close() {
        onPool.close();
        onDefault.close();
        executor.shutdown();
    }

    @Benchmark
    public int coro4j() throws InterruptedException, ExecutionException {
        for (int i = 0; i < TASKS; i++) {
            futures[i] = onPool.start(body);
        }
        return sum();
    }

    @Benchmark
    public int coro4jOnOwnPool() throws InterruptedException, ExecutionException {
        for (int i = 0; i < TASKS; i++) {
            futures[i] = onDefault.start(body);
        }
        return sum();
    }

    @Benchmark
    public int completableFuture() throws InterruptedException, ExecutionException {
        for (int i = 0; i < TASKS; i++) {
            futures[i] = CompletableFuture.supplyAsync(supplier, executor);
        }
        return sum();
    }

    @Benchmark
    public int guava() throws InterruptedException, ExecutionException {
        for (int i = 0; i < TASKS; i++) {
            futures[i] = listening.submit(body);
        }
        return sum();
    }

    @Benchmark
    public int kotlinxAsync() {
        for (int i = 0; i < TASKS; i++) {
            deferreds[i] =
                    BuildersKt.async(
                            coroutines,
                            EmptyCoroutineContext.INSTANCE,
                            CoroutineStart.DEFAULT,
                            (scope, continuation) -> call(body));
        }
        int sum = 0;
        for (Deferred<?> deferred : deferreds) {
            while (!deferred.isCompleted()) {
                Thread.yield();
            }
            sum += (Integer) deferred.getCompleted();
        }
        return sum;
    }

    private static Object call(Callable<Integer> body) {
        try {
            return body.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private int sum() throws InterruptedException, ExecutionException {
        int sum = 0;
        for (Future<?> future : futures) {
            // Parking would add the bytes of a waiter, and spinning would take the core from the
            // pool.
            while (!future.isDone()) {
                Thread.yield();
            }
            sum += (Integer) future.get();
        }
        return sum;
    }
}
