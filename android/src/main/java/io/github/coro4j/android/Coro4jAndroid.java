package io.github.coro4j.android;

import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.EngineSettings;
import io.github.coro4j.TaskScope;
import java.time.Duration;

/**
 * Sets up Coro4j for an application. No call is necessary: each setting has a default.
 *
 * <pre>{@code
 * public class App extends Application {
 *   @Override public void onCreate() {
 *     super.onCreate();
 *     Coro4jAndroid.settings().poolThreads(32).failures(FailurePolicy.CRASH).apply();
 *     Coro4jAndroid.warmUp();
 *   }
 * }
 * }</pre>
 */
public final class Coro4jAndroid {
    private Coro4jAndroid() {}

    /**
     * Starts the engine on a new daemon thread, and returns at once. Once that thread has ended, the first use on the main
     * thread loads few classes. A first use before that waits for it. Call {@link Settings#apply()} first, because settings
     * after the start are refused. A second call is harmless. If the engine is missing or too old, the exception is uncaught
     * on that thread, and Android ends the app.
     */
    public static void warmUp() {
        Thread thread = new Thread(Coro4jAndroid::start, "coro4j-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void start() {
        // Open and close a scope, so that their classes are loaded too.
        try (TaskScope scope = TaskScope.open("warm-up")) {
            scope.start(() -> "ready").onSuccess(ready -> {});
            scope.join();
        }
    }

    /** {@return new settings with all defaults} */
    public static Settings settings() {
        return new Settings();
    }

    /**
     * Settings of the engine for Android. Each method but {@link #apply()} returns this object. An application applies
     * them once, first thing in {@code onCreate} of its {@code Application}.
     */
    public static final class Settings {
        private final EngineSettings engine = EngineSettings.create();

        private Settings() {}

        /**
         * Sets what happens if the main thread is about to block in Coro4j. The default is {@link Answer#REFUSE} in a
         * debuggable application, and {@link Answer#WARN} in any other.
         *
         * @param answer what happens
         * @return this object
         */
        public Settings onMainThread(Answer answer) {
            engine.blockingGuard(new MainThreadGuard(answer));
            return this;
        }

        /**
         * Sets what happens to a failure that no code has read, and to a callback that throws. The default is
         * {@link FailurePolicy#LOG}.
         *
         * @param policy what happens
         * @return this object
         */
        public Settings failures(FailurePolicy policy) {
            engine.failureListener(policy);
            return this;
        }

        /**
         * Sets the priority of the threads that run bodies. The default is
         * {@link android.os.Process#THREAD_PRIORITY_BACKGROUND}.
         *
         * @param priority a priority of {@link android.os.Process}, from -20 (most urgent) to 19
         * @return this object
         * @throws IllegalArgumentException if the priority is out of range
         */
        public Settings priority(int priority) {
            engine.threadStart(new BackgroundPriority(priority));
            return this;
        }

        /**
         * Sets how many threads the pool has for bodies that do not wait for futures; see
         * {@link EngineSettings#poolThreads}.
         *
         * @param threads the number of threads, from 1 to 16,384
         * @return this object
         * @throws IllegalArgumentException if the number is out of range
         */
        public Settings poolThreads(int threads) {
            engine.poolThreads(threads);
            return this;
        }

        /**
         * Sets how long an idle thread stays; see {@link EngineSettings#idleTime}.
         *
         * @param time the time, longer than zero
         * @return this object
         * @throws IllegalArgumentException if the time is zero or negative
         */
        public Settings idleTime(Duration time) {
            engine.idleTime(time);
            return this;
        }

        /**
         * Applies these settings to the engine, which the first use of Coro4j starts.
         *
         * @throws IllegalStateException if the engine has started, or if settings were applied before; nothing has
         *     changed. The cause shows where that was
         */
        public void apply() {
            engine.apply();
        }
    }
}
