package io.github.coro4j;

/** When {@link Gather#until} has what it waits for; after asyncio's {@code wait}. */
public enum When {
    /** As soon as one child has ended, however it ended: {@code FIRST_COMPLETED}. */
    FIRST_DONE,

    /**
     * As soon as one child has failed, or all have ended: {@code FIRST_EXCEPTION}. A cancelled child has not failed, as
     * in asyncio.
     */
    FIRST_FAILURE,

    /** When all children have ended: {@code ALL_COMPLETED}. */
    ALL_DONE
}
