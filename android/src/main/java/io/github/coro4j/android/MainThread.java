package io.github.coro4j.android;

import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import androidx.annotation.RequiresApi;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The main thread of an Android application, which is the one that may touch its views. */
public final class MainThread {
    private static final Handler HANDLER = handler();
    private static final Executor EXECUTOR = MainThread::post;

    private MainThread() {}

    /**
     * Returns the executor that runs each task on the main thread. It posts always, from the main thread too, so no task
     * runs inside the call that submits it, and tasks run in the order in which they were submitted.
     *
     * @return the executor, the same for every call
     */
    public static Executor executor() {
        return EXECUTOR;
    }

    /**
     * Tells whether the calling thread is the main thread.
     *
     * @return whether it is
     */
    public static boolean isCurrent() {
        return Looper.getMainLooper().getThread() == Thread.currentThread();
    }

    private static void post(Runnable task) {
        if (!HANDLER.post(Objects.requireNonNull(task, "task"))) {
            throw new RejectedExecutionException("The main looper has quit");
        }
    }

    private static Handler handler() {
        Looper main = Looper.getMainLooper();
        return Build.VERSION.SDK_INT >= Build.VERSION_CODES.P
                ? asyncHandler(main)
                : new Handler(main);
    }

    /** Messages of an asynchronous handler do not wait for the next frame. */
    @RequiresApi(Build.VERSION_CODES.P)
    private static Handler asyncHandler(Looper looper) {
        return Handler.createAsync(looper);
    }
}
