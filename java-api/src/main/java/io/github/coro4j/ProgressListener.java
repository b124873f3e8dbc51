package io.github.coro4j;

/** Observes the progress of a group; see {@link Gather#onProgress}. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Observes the end of a child. It is called like a callback, on the callback executor of the group's scope. The
     * calls come in the order in which the children end, and are never concurrent. The group's future waits for these
     * calls, so no call comes after it is done. Do not block, and do not wait for the group. If the listener throws,
     * this is reported as {@link FailureReport.Kind#CALLBACK_FAILED} and changes nothing else.
     *
     * @param progress the progress of the group
     */
    void progressed(GatherProgress progress);
}
