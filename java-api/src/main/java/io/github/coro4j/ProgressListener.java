package io.github.coro4j;

/** Is told how far a group is; see {@link Gather#onProgress}. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * A child has ended. Called as a callback, on the callback executor of the group's scope: one after the other, in the
     * order in which the children end, never two at once, and never after the group's future is done. That future waits
     * for it: do not block, and do not wait for the group. What is thrown is reported as {@link
     * FailureReport.Kind#CALLBACK_FAILED}, and changes nothing else.
     *
     * @param progress how far the group is
     */
    void progressed(GatherProgress progress);
}
