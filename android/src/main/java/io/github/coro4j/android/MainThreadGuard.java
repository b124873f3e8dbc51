package io.github.coro4j.android;

import android.app.Application;
import android.content.pm.ApplicationInfo;
import android.os.Looper;
import io.github.coro4j.BlockingGuard;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the main thread from blocking in Coro4j. It is found as a service, so an application need not name it. In a
 * debuggable application, a wait on the main thread throws a {@link io.github.coro4j.BlockingRefusedException}. In any
 * other application it is logged, once for each place, and the main thread waits.
 *
 * <p>{@link Coro4jAndroid.Settings#onMainThread} sets another answer.
 */
public final class MainThreadGuard implements BlockingGuard {
    private final @Nullable Answer answer;

    /** Creates the guard with the default answer. */
    public MainThreadGuard() {
        answer = null;
    }

    /**
     * Creates a guard with the given answer for the main thread.
     *
     * @param answer what happens to a wait on the main thread
     */
    public MainThreadGuard(Answer answer) {
        Arguments.notNull(answer, "answer", "leave it out for the default answer");
        this.answer = answer;
    }

    @Override
    public Answer mayBlock(String awaited) {
        if (!isMainThread()) {
            return Answer.ALLOW;
        }
        return answer != null ? answer : byDefault();
    }

    /** Returns false, too, where there is no Android, such as in a plain test of the JVM. */
    private static boolean isMainThread() {
        try {
            Looper main = Looper.getMainLooper();
            return main != null && main.getThread() == Thread.currentThread();
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    private static Answer byDefault() {
        Application application = application();
        if (application == null) {
            return Answer.WARN; // before the application exists
        }
        int flags = application.getApplicationInfo().flags;
        return (flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0 ? Answer.REFUSE : Answer.WARN;
    }

    /**
     * Returns the application of this process. The method is hidden, and no public one returns the application to code
     * that has no context. {@code MainThreadGuardTest} breaks if it is not found; a wait is then only logged.
     */
    private static @Nullable Application application() {
        try {
            Method current =
                    Class.forName("android.app.ActivityThread").getMethod("currentApplication");
            return (Application) current.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null;
        }
    }
}
