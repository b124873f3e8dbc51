package io.github.coro4j.benchmarks;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import java.util.function.Consumer;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import kotlinx.coroutines.CompletableDeferred;
import kotlinx.coroutines.CompletableDeferredKt;
import kotlinx.coroutines.DisposableHandle;
import kotlinx.coroutines.Job;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One callback is removed, and one added, beside so many that stay: the cost must not grow with their number. Of the rivals
 * only kotlinx can remove one.
 *
 * <p>It is always the next of a fixed sequence that visits all, at {@link #STEP} from the last one; {@code Oldest} and
 * {@code Newest} are the two ends.
 */
public class CallbackRemovalBenchmark extends Contest {
    /** A prime, so that it visits every place of any array that it does not divide. */
    private static final int STEP = 7919;

    @Param({"100", "10000", "100000"})
    int registered;

    private final Consumer<Future<Integer>> ours = future -> {};
    private final Function1<Throwable, Unit> handler = cause -> Unit.INSTANCE;
    private Promise<Integer> promise;
    private Registration[] registrations;
    private CompletableDeferred<Integer> deferred;
    private DisposableHandle[] handles;
    private int place;

    @Override
    void prepare() {
        promise = Promise.create();
        place = registered - 1;
        registrations = new Registration[registered];
        deferred = CompletableDeferredKt.CompletableDeferred((Job) null);
        handles = new DisposableHandle[registered];
        for (int i = 0; i < registered; i++) {
            registrations[i] = promise.addDoneCallback(ours);
            handles[i] = deferred.invokeOnCompletion(handler);
        }
    }

    @Override
    Object expected() {
        return true;
    }

    private boolean replace(int i) {
        boolean removed = registrations[i].remove();
        registrations[i] = promise.addDoneCallback(ours);
        return removed;
    }

    @Benchmark
    public boolean coro4j() {
        place = (place + STEP) % registered;
        return replace(place);
    }

    @Benchmark
    public boolean coro4jOldest() {
        place = (place + 1) % registered;
        return replace(place);
    }

    @Benchmark
    public boolean coro4jNewest() {
        return replace(registered - 1);
    }

    @Benchmark
    public boolean kotlinx() {
        place = (place + STEP) % registered;
        handles[place].dispose();
        handles[place] = deferred.invokeOnCompletion(handler);
        return true;
    }
}
