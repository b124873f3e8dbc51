package io.github.coro4j.android;

import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import androidx.annotation.RequiresApi;
import io.github.coro4j.ThreadBoundExecutor;
import java.util.concurrent.RejectedExecutionException;

/** The main thread of an Android application, which alone may touch its views. */
public final class MainThread {
    private static final Handler HANDLER = handler();
    private static final ThreadBoundExecutor EXECUTOR =
            ThreadBoundExecutor.of(MainThread::post, MainThread::isCurrent);

    private MainThread() {}

    /**
     * Returns the executor of the main thread. It always posts, even from the main thread, so work never runs on the stack
     * of the caller. Work runs in the order of the calls. From API 28 on, the work does not wait for the next frame.
     *
     * <pre>{@code
     * scope.start("page", () -> load()).onSuccess(this::show, MainThread.executor());
     * }</pre>
     *
     * @return the executor, always the same; it throws a {@link RejectedExecutionException} once the main looper has quit
     */
    public static ThreadBoundExecutor executor() {
        return EXECUTOR;
    }

    /** {@return whether the calling thread is the main thread} */
    public static boolean isCurrent() {
        return Looper.getMainLooper().getThread() == Thread.currentThread();
    }

    /** Throws unless this is the main thread. The text says what was called, and what did not happen. */
    static void require(String call, String consequence) {
        if (!isCurrent()) {
            throw new IllegalStateException(
                    call
                            + " must be called on the main thread, but was called on thread \""
                            + Thread.currentThread().getName()
                            + "\": "
                            + consequence
                            + "; call it through MainThread.executor()");
        }
    }

    /** Runs a step of this library here if this is the main thread, and posts it otherwise. */
    static void run(Runnable step) {
        if (isCurrent()) {
            step.run();
        } else {
            post(step);
        }
    }

    private static void post(Runnable work) {
        Arguments.notNull(work, "work", "nothing was posted");
        if (!HANDLER.post(work)) {
            throw new RejectedExecutionException("the main looper has quit, so nothing was posted");
        }
    }

    private static Handler handler() {
        Looper main = Looper.getMainLooper();
        return Build.VERSION.SDK_INT >= Build.VERSION_CODES.P
                ? asyncHandler(main)
                : new Handler(main);
    }

    @RequiresApi(Build.VERSION_CODES.P)
    private static Handler asyncHandler(Looper main) {
        return Handler.createAsync(main);
    }
}
