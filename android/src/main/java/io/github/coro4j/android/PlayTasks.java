package io.github.coro4j.android;

import com.google.android.gms.tasks.CancellationToken;
import com.google.android.gms.tasks.CancellationTokenSource;
import com.google.android.gms.tasks.Task;
import com.google.android.gms.tasks.TaskCompletionSource;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Converts the {@link Task} of Google Play services and Firebase to and from {@link Future}. It needs
 * {@code com.google.android.gms:play-services-tasks}, which these services bring along.
 *
 * <p>A failure keeps its exception object, except that {@link #of(Future)} wraps an {@code Error}. A {@code Task} cannot be
 * cancelled directly: its creator passes a {@link CancellationTokenSource} to the code that may cancel it.
 */
public final class PlayTasks {
    private static final String NOTHING = "nothing was converted";

    private PlayTasks() {}

    /**
     * Returns a future that ends as the task does. If the future is cancelled, the task goes on.
     *
     * <pre>{@code
     * Future<Location> last = PlayTasks.from(locations.getLastLocation());
     * }</pre>
     *
     * <p>Callbacks of the future run on the callback executor of the
     * {@linkplain io.github.coro4j.Task#current() current scope}. Like a promise, the future belongs to no scope that ends
     * it.
     *
     * @param <T> the type of the result
     * @param task the task to follow
     * @return a new future
     */
    public static <T extends @Nullable Object> Future<T> from(Task<T> task) {
        Arguments.notNull(task, "task", NOTHING);
        Promise<T> promise = Promise.create();
        // The thread that ends the task runs this listener, which only completes the promise.
        task.addOnCompleteListener(Runnable::run, done -> end(promise, done));
        return promise;
    }

    /**
     * Returns a future that ends as the task does, and whose cancel cancels the task: it calls {@code source.cancel()} on the
     * callback executor of the current scope.
     *
     * <pre>{@code
     * CancellationTokenSource stop = new CancellationTokenSource();
     * Future<Location> here = PlayTasks.from(locations.getCurrentLocation(HIGH_ACCURACY, stop.getToken()), stop);
     * }</pre>
     *
     * @param <T> the type of the result
     * @param task the task to follow
     * @param source the source whose token the task was made with
     * @return a new future
     */
    public static <T extends @Nullable Object> Future<T> from(
            Task<T> task, CancellationTokenSource source) {
        Arguments.notNull(source, "source", NOTHING);
        Future<T> future = from(task);
        future.addDoneCallback(
                done -> {
                    if (done.isCancelled()) {
                        source.cancel();
                    }
                });
        return future;
    }

    /**
     * Returns a task that ends as the future does. If the future is cancelled, the task is too.
     *
     * <p>A thread of the engine ends the task, and runs listeners with a direct executor. By the rules of {@code Task}, a
     * listener that is added without an executor runs on the main thread. A failure is
     * read when the task has it. An {@code Error} becomes the cause of a {@code RuntimeException}, because a task has only
     * exceptions.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @return a new task
     */
    public static <T extends @Nullable Object> Task<T> of(Future<T> future) {
        Arguments.notNull(future, "future", NOTHING);
        CancellationTokenSource cancel = new CancellationTokenSource();
        TaskCompletionSource<T> made = new TaskCompletionSource<>(cancel.getToken());
        future.addDoneCallback(done -> end(made, cancel, done.outcome()), Runnable::run);
        return made.getTask();
    }

    /**
     * Returns a task that ends as the future does, and cancels the future when the token is cancelled. The thread that
     * cancels the token cancels the future. If the future is done, nothing happens.
     *
     * @param <T> the type of the result
     * @param future the future to follow
     * @param token the token that cancels the future and interrupts its body
     * @return a new task
     */
    public static <T extends @Nullable Object> Task<T> of(
            Future<T> future, CancellationToken token) {
        Arguments.notNull(token, "token", NOTHING);
        Task<T> task = of(future);
        token.onCanceledRequested(() -> future.cancel("its CancellationToken was cancelled"));
        return task;
    }

    private static <T extends @Nullable Object> void end(Promise<T> promise, Task<T> done) {
        if (done.isCanceled()) {
            promise.cancel("the Task was cancelled");
            return;
        }
        Exception failure = done.getException();
        if (failure != null) {
            promise.fail(failure);
        } else {
            promise.complete(done.getResult());
        }
    }

    private static <T extends @Nullable Object> void end(
            TaskCompletionSource<T> task, CancellationTokenSource cancel, Outcome<T> outcome) {
        if (outcome instanceof Outcome.Success) {
            task.trySetResult(((Outcome.Success<T>) outcome).value());
        } else if (outcome instanceof Outcome.Failure) {
            Throwable thrown = ((Outcome.Failure<T>) outcome).exception();
            task.trySetException(
                    thrown instanceof Exception
                            ? (Exception) thrown
                            : new RuntimeException(thrown));
        } else {
            cancel.cancel();
        }
    }
}
