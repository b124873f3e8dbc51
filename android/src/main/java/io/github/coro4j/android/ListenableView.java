package io.github.coro4j.android;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A future as a {@link ListenableFuture}. The view of the JDK's type does the work. */
final class ListenableView<T extends @Nullable Object> implements ListenableFuture<T> {
    private static final Logger LOGGER = Logger.getLogger("io.github.coro4j");

    private final CompletableFuture<T> view;
    private final Future<T> future;

    ListenableView(Future<T> future) {
        view = future.toCompletableFuture();
        this.future = future;
    }

    @Override
    public void addListener(Runnable listener, Executor executor) {
        Arguments.notNull(listener, "listener", "nothing was added");
        Arguments.notNull(executor, "executor", "the listener was not added");
        view.whenComplete((value, exception) -> execute(listener, executor));
    }

    private void execute(Runnable listener, Executor executor) {
        try {
            executor.execute(listener);
        } catch (RuntimeException | Error e) {
            // The contract of ListenableFuture: no listener may keep the others from running.
            LOGGER.log(Level.SEVERE, "a listener of " + future + " could not be executed", e);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return view.cancel(true);
    }

    @Override
    public boolean isCancelled() {
        return view.isCancelled();
    }

    @Override
    public boolean isDone() {
        return view.isDone();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        return view.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return view.get(timeout, unit);
    }

    @Override
    public String toString() {
        return "ListenableFuture of " + future;
    }
}
