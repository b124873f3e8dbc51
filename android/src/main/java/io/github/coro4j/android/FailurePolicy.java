package io.github.coro4j.android;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What an application does about a failure that no code has read, and about a callback that throws. */
public enum FailurePolicy implements FailureListener {
    /** Logs the report at level {@code SEVERE}, which is {@code E} in logcat, with the tag {@code io.github.coro4j}. */
    LOG {
        @Override
        public void onFailure(FailureReport report) {
            log(report);
        }
    },

    /**
     * Logs the report, and crashes the application on its main thread, as an exception in a {@code Handler} does. The
     * cause of the exception is the original one.
     *
     * <p>A cancelled body can still fail: if the interrupt closes its socket and the body throws a {@code SocketException},
     * the task fails. If no code reads that failure, it crashes the application.
     */
    CRASH {
        @Override
        public void onFailure(FailureReport report) {
            log(report);
            RuntimeException crash =
                    new IllegalStateException(report.message(), report.exception());
            MainThread.executor()
                    .execute(
                            () -> {
                                throw crash;
                            });
        }
    };

    private static final Logger LOGGER = Logger.getLogger("io.github.coro4j");

    private static void log(FailureReport report) {
        LOGGER.log(Level.SEVERE, report.message(), report.exception());
    }
}
