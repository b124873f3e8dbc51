package io.github.coro4j.spi;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.FailureListener;
import io.github.coro4j.ThreadStart;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the application has chosen for the engine, before its first use. A null option means the default.
 *
 * @param poolThreads the number of threads of the default pool
 * @param idleTime how long an idle thread of the engine stays
 * @param threadStart what prepares each thread
 * @param blockingGuard what decides whether a thread may block
 * @param failureListener the listener of scopes without one
 */
public record EngineOptions(
        @Nullable Integer poolThreads,
        @Nullable Duration idleTime,
        @Nullable ThreadStart threadStart,
        @Nullable BlockingGuard blockingGuard,
        @Nullable FailureListener failureListener) {

    // The engine is one per application and so are its options, which it reads while it is made.
    private static volatile EngineOptions chosen = new EngineOptions(null, null, null, null, null);

    /**
     * Sets the options. The caller makes sure that there is no engine yet.
     *
     * @param options what the engine reads when it is made
     */
    public static void choose(EngineOptions options) {
        chosen = options;
    }

    /** {@return what was chosen, or the defaults} */
    public static EngineOptions chosen() {
        return chosen;
    }
}
