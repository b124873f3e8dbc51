package io.github.coro4j;

/** Observes how far a group is; see {@link Gather#onProgress}. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Observes the end of a child. Called as a callback, on the callback executor of the group's scope: one call after
     * the other, in the order in which the children end, and never after the group's future is done. That future waits
     * for the call: do not block, and do not wait for the group. An exception that the listener throws is reported as
     * {@link FailureReport.Kind#CALLBACK_FAILED}, and changes nothing else.
     *
     * @param progress how far the group is
     */
    void progressed(GatherProgress progress);
}
