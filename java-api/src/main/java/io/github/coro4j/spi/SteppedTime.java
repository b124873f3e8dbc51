package io.github.coro4j.spi;

import io.github.coro4j.TimeSource;
import java.util.function.BooleanSupplier;

/** A time that stands still until code outside of all bodies advances it. */
public interface SteppedTime extends TimeSource {

    /**
     * Runs what can run without advancing the time, because the calling thread is about to wait without a limit. It is
     * a thread of {@link Engine#callIn}, and runs no body and no callback. So if it is the thread that advances the
     * time, the wait could never end.
     *
     * @param label what the thread waits for
     * @param isOver tells whether the wait is over
     * @throws IllegalStateException if nothing seems to end the wait
     */
    void beforeWaitOutside(String label, BooleanSupplier isOver);
}
