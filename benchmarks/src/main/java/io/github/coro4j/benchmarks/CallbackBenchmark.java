package io.github.coro4j.benchmarks;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * {@code n} callbacks on one future; then it is completed, and all have run. Ours run on an executor, one after another;
 * most others run on the stack of the one who completes, which is cheaper and is what we promise not to do. Where they take
 * an executor, the row {@code OnPool} gives them one.
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
public class CallbackBenchmark extends Contest {
    private static final Integer VALUE = 42;

    @Param("1000")
    int n;

    private final Arrivals arrivals = new Arrivals();
    private final Consumer<Future<Integer>> ours = future -> arrivals.arrive();
    private final Consumer<Integer> consumer = value -> arrivals.arrive();
    private final Runnable runnable = arrivals::arrive;
    private final Function1<Throwable, Unit> handler =
            cause -> {
                arrivals.arrive();
                return Unit.INSTANCE;
            };

    @Override
    Object expected() {
        return n;
    }

    /** On the default callback executor. */
    @Benchmark
    public int coro4j() {
        arrivals.reset();
        Promise<Integer> promise = Promise.create();
        for (int i = 0; i < n; i++) {
            promise.addDoneCallback(ours);
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int coro4jOnPool() {
        arrivals.reset();
        Promise<Integer> promise = Promise.create();
        for (int i = 0; i < n; i++) {
            promise.addDoneCallback(ours, executor);
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int kotlinx() {
        arrivals.reset();
        CompletableDeferred<Integer> promise =
                CompletableDeferredKt.CompletableDeferred((kotlinx.coroutines.Job) null);
        for (int i = 0; i < n; i++) {
            promise.invokeOnCompletion(handler);
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int completableFuture() {
        arrivals.reset();
        CompletableFuture<Integer> promise = new CompletableFuture<>();
        for (int i = 0; i < n; i++) {
            promise.thenAccept(consumer);
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int completableFutureOnPool() {
        arrivals.reset();
        CompletableFuture<Integer> promise = new CompletableFuture<>();
        for (int i = 0; i < n; i++) {
            promise.thenAcceptAsync(consumer, executor);
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int guava() {
        arrivals.reset();
        SettableFuture<Integer> promise = SettableFuture.create();
        for (int i = 0; i < n; i++) {
            promise.addListener(runnable, MoreExecutors.directExecutor());
        }
        promise.set(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int guavaOnPool() {
        arrivals.reset();
        SettableFuture<Integer> promise = SettableFuture.create();
        for (int i = 0; i < n; i++) {
            promise.addListener(runnable, executor);
        }
        promise.set(VALUE);
        return arrivals.await(n);
    }

    @Benchmark
    public int vertx() {
        arrivals.reset();
        io.vertx.core.Promise<Integer> promise = io.vertx.core.Promise.promise();
        io.vertx.core.Future<Integer> future = promise.future();
        for (int i = 0; i < n; i++) {
            future.onComplete((value, failure) -> arrivals.arrive());
        }
        promise.complete(VALUE);
        return arrivals.await(n);
    }
}
