package io.github.coro4j;

import io.github.coro4j.spi.EngineOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the engine, for the whole application. An application applies them once, before its first use of Coro4j:
 * first thing in {@code main}, or in {@code onCreate} of an Android {@code Application}. Libraries leave this to the
 * application.
 *
 * <pre>{@code
 * EngineSettings.create().poolThreads(32).idleTime(Duration.ofSeconds(2)).apply();
 * }</pre>
 *
 * <p>Each method but {@link #apply()} returns this object and has no effect elsewhere. Only one thread at a time may use
 * an object.
 */
public final class EngineSettings {
    private static final int MOST_THREADS = 16_384;

    private @Nullable Integer poolThreads;
    private @Nullable Duration idleTime;
    private @Nullable ThreadStart threadStart;
    private @Nullable BlockingGuard blockingGuard;
    private @Nullable FailureListener failureListener;

    private EngineSettings() {}

    /** {@return new settings with all defaults} */
    public static EngineSettings create() {
        return new EngineSettings();
    }

    /**
     * Sets how many threads the default pool has for bodies that do not wait for futures. The default is 128. The pool
     * still adds a thread for each body that waits for a future, and more if all of its threads are blocked, because
     * otherwise such bodies could starve it. From JDK 24 on, bodies run on virtual threads, and this setting has no
     * effect.
     *
     * @param threads the number of threads, from 1 to 16,384
     * @return this object
     * @throws IllegalArgumentException if the number is out of range
     */
    public EngineSettings poolThreads(int threads) {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "threads must be from 1 to "
                            + MOST_THREADS
                            + ", but is "
                            + threads
                            + ": leave poolThreads() out for the default of 128");
        }
        poolThreads = threads;
        return this;
    }

    /**
     * Sets how long an idle thread of the engine stays before it ends. The default is five seconds. A thread of the pool
     * ends about a second later than that.
     *
     * @param time the time, longer than zero
     * @return this object
     * @throws IllegalArgumentException if the time is zero or negative
     */
    public EngineSettings idleTime(Duration time) {
        Arguments.positive(time, "time", "leave idleTime() out for the default of five seconds");
        idleTime = time;
        return this;
    }

    /**
     * Sets the code that each new thread of the engine calls first, after the {@link ThreadStart} services. Exceptions are
     * logged and otherwise ignored.
     *
     * @param start what each thread calls first
     * @return this object
     */
    public EngineSettings threadStart(ThreadStart start) {
        Arguments.notNull(start, "start", "leave threadStart() out to have none of your own");
        threadStart = start;
        return this;
    }

    /**
     * Sets the guard of all scopes that have none of their own. It replaces the guards that are services,
     * such as that of coro4j-android.
     *
     * @param guard what decides whether a thread may block
     * @return this object
     */
    public EngineSettings blockingGuard(BlockingGuard guard) {
        Arguments.notNull(guard, "guard", "leave blockingGuard() out to have none of your own");
        blockingGuard = guard;
        return this;
    }

    /**
     * Sets the failure listener of the global scope, and of all scopes that neither have nor inherit one. The default
     * logs. Failures that are unread when the JVM exits are printed in any case.
     *
     * @param listener the listener
     * @return this object
     */
    public EngineSettings failureListener(FailureListener listener) {
        Arguments.notNull(
                listener, "listener", "leave failureListener() out, and failures are logged");
        failureListener = listener;
        return this;
    }

    /**
     * Applies these settings to the engine, which the first use of Coro4j starts. This call
     * happens-before everything that the engine does.
     *
     * @throws IllegalStateException if the engine has started, or if settings were applied before; nothing has changed.
     *     The cause shows where that was
     */
    public void apply() {
        EngineLookup.apply(
                new EngineOptions(
                        poolThreads, idleTime, threadStart, blockingGuard, failureListener));
    }
}
