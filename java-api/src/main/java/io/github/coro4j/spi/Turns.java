package io.github.coro4j.spi;

import java.util.concurrent.Executor;

/** An executor that lets one thread at a time run. Bodies on its threads tell it when they wait for the engine. */
public interface Turns extends Executor {

    /** Gives the turn back, because the calling thread is about to wait. */
    void waitBegins();

    /** Waits for a turn, because the wait of the calling thread is over. */
    void waitEnded();

    /**
     * Returns whether a thread waits for its turn, and for nothing else.
     *
     * @param thread the thread of a body
     * @return true from the call of {@link #waitEnded} on, until the turn comes
     */
    boolean isInLine(Thread thread);
}
