package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.ListeningExecutorService;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.AwaitKt;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The one workload: start {@code n} bodies that do nothing, wait for all, have their values in a list. What is measured is
 * therefore only what each library adds to the pool.
 *
 * <p>One call is one gather; {@link Table} divides by {@code n}. Everybody's list is built, as ours is.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms512m", "-Xmx512m", "-da", "-Dkotlinx.coroutines.debug=off"})
@Warmup(iterations = 4, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
public class GatherBenchmark {
    @Param({"1", "100", "10000"})
    int n;

    @Param({"FORK_JOIN"})
    Pool pool;

    private List<Callable<Integer>> bodies;
    private List<Supplier<Integer>> suppliers;
    private ExecutorService executor;
    private ListeningExecutorService listening;
    private CoroutineScope coroutines;
    private TaskScope onPool;
    private TaskScope onDefault;

    @Setup
    public void open() {
        executor = pool.open();
        listening = MoreExecutors.listeningDecorator(executor);
        // With the dispatcher in the scope's context, which is the cheapest way to use async.
        coroutines =
                CoroutineScopeKt.CoroutineScope(
                        ExecutorsKt.from(executor).plus(SupervisorKt.SupervisorJob(null)));
        onPool = TaskScope.builder().name("pool").executor(executor).open();
        onDefault = TaskScope.open("default");
        bodies = new ArrayList<>(n);
        suppliers = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            // From the cache of small Integers: a body allocates nothing.
            Integer value = i & 127;
            bodies.add(() -> value);
            suppliers.add(() -> value);
        }
    }

    @TearDown
    public void close() {
        onPool.close();
        onDefault.close();
        executor.shutdown();
    }

    /** A plan of ours that owns its bodies. */
    @Benchmark
    public List<Integer> coro4jGather() {
        return onPool.gather(bodies).all().join();
    }

    /** Tasks of ours, each held by the caller, and a gather over them. */
    @Benchmark
    public List<Integer> coro4jTasks() {
        List<Task<Integer>> tasks = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            tasks.add(onPool.start(body));
        }
        return Gather.of(tasks).all().join();
    }

    /** As {@link #coro4jGather}, on the engine's own pool instead of the one that the others share. */
    @Benchmark
    public List<Integer> coro4jGatherOnOwnPool() {
        return onDefault.gather(bodies).all().join();
    }

    /**
     * {@code scope.async { body.call() }} and {@code awaitAll}, from Java: the lambda and its continuation cost what the two
     * objects of a Kotlin suspend lambda do.
     */
    @Benchmark
    public List<Integer> kotlinxAsync() throws InterruptedException {
        List<Deferred<Integer>> deferreds = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            deferreds.add(
                    BuildersKt.async(
                            coroutines,
                            EmptyCoroutineContext.INSTANCE,
                            CoroutineStart.DEFAULT,
                            (scope, continuation) -> call(body)));
        }
        return BuildersKt.runBlocking(
                EmptyCoroutineContext.INSTANCE,
                (scope, continuation) -> awaitAll(deferreds, continuation));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Kotlin's `out` is too many wildcards for Java
    private static Object awaitAll(List<Deferred<Integer>> deferreds, Continuation continuation) {
        return AwaitKt.awaitAll(deferreds, continuation);
    }

    private static Object call(Callable<Integer> body) {
        try {
            return body.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public List<Integer> completableFuture() {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[n];
        for (int i = 0; i < n; i++) {
            futures[i] = CompletableFuture.supplyAsync(suppliers.get(i), executor);
        }
        CompletableFuture.allOf(futures).join();
        List<Integer> values = new ArrayList<>(n);
        for (CompletableFuture<?> future : futures) {
            values.add((Integer) future.join());
        }
        return values;
    }

    @Benchmark
    public List<Integer> guava() throws InterruptedException, ExecutionException {
        List<ListenableFuture<Integer>> futures = new ArrayList<>(n);
        for (Callable<Integer> body : bodies) {
            futures.add(listening.submit(body));
        }
        return Futures.allAsList(futures).get();
    }
}
