package io.github.coro4j.stress;

import io.github.coro4j.Future;

/** How a future ended, as a word that fits into a result. */
final class Ends {
    private Ends() {}

    static String of(Future<?> future) {
        if (!future.isDone()) {
            return "pending";
        }
        // Reads a failure, so that it is not reported.
        Throwable exception = future.exception();
        if (future.isCancelled()) {
            return "cancelled";
        }
        return exception == null ? "success" : "failure";
    }

    /** The end that the future and those that follow it have in common, down to the exception. */
    static String ofAll(Future<?> future, Future<?>... followers) {
        String end = of(future);
        for (Future<?> follower : followers) {
            if (!of(follower).equals(end) || follower.exception() != future.exception()) {
                return "a follower saw " + of(follower) + " of " + end;
            }
        }
        return end;
    }
}
