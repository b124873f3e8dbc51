package io.github.coro4j.android;

import android.content.Context;
import androidx.work.ListenableWorker;
import androidx.work.WorkerParameters;
import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.CompletionException;

/**
 * A worker of WorkManager whose body may block, start tasks and gather. If the system stops the work, the body is
 * interrupted, and everything that it has started is cancelled.
 *
 * <pre>{@code
 * public class SyncWorker extends TaskWorker {
 *   public SyncWorker(Context context, WorkerParameters parameters) {
 *     super(context, parameters);
 *   }
 *
 *   @Override protected Result doWork(TaskScope scope) throws Exception {
 *     scope.gather(accounts(), account -> sync(account)).concurrency(4).all().join();
 *     return Result.success();
 *   }
 * }
 * }</pre>
 *
 * <p>{@code androidx.work} must be on the class path.
 */
public abstract class TaskWorker extends ListenableWorker {

    /**
     * Creates a worker, for WorkManager.
     *
     * @param context the context of the application
     * @param parameters the parameters of the work
     */
    protected TaskWorker(Context context, WorkerParameters parameters) {
        super(context, parameters);
    }

    /**
     * Does the work, on a thread of Coro4j. It is the main body of {@link TaskScope#run}: it may wait for the tasks of its
     * scope, and the work is over when the body has returned and all tasks of the scope have ended.
     *
     * <p>When the system stops the work, {@link Task#checkCancelled()} throws, waits end, and the thread is interrupted. The
     * result of the body then no longer counts.
     *
     * @param scope the scope of this work, which is closed after it
     * @return the result: {@code Result.success()}, {@code retry()} or {@code failure()}; null fails the work with a
     *     {@code NullPointerException}
     * @throws Exception any exception, for which WorkManager takes the work as failed; it logs the exception
     */
    protected abstract Result doWork(TaskScope scope) throws Exception;

    /**
     * Starts the work. If it was stopped before, nothing starts, and the returned future is cancelled.
     *
     * @return a future, whose every cancel stops the work
     */
    @Override
    public final ListenableFuture<Result> startWork() {
        String simpleName = getClass().getSimpleName();
        // An anonymous class has none.
        String name = simpleName.isEmpty() ? getClass().getName() : simpleName;
        if (isStopped()) {
            return ListenableFutures.of(Future.cancelled(name + " was stopped before it started"));
        }
        Task<Result> work = TaskScope.global().start(name, () -> runWork(name));
        return ListenableFutures.of(work);
    }

    private Result runWork(String name) throws Exception {
        try {
            Result result = TaskScope.run(name, this::doWork);
            if (result == null) {
                throw new NullPointerException(
                        "doWork of "
                                + getClass().getName()
                                + " must not return null: return Result.success(), retry() or failure()");
            }
            return result;
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Exception) {
                throw (Exception) cause;
            }
            if (cause instanceof Error) {
                throw (Error) cause;
            }
            throw e;
        }
    }
}
