package io.github.coro4j.spring;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs each failure that no code has read. The engine calls it in the context of the work that failed, so the record has the
 * MDC of the request, with the ids of its trace and its span.
 */
final class LoggedFailures implements FailureListener {
    private final Log log = LogFactory.getLog("io.github.coro4j");

    @Override
    public void onFailure(FailureReport report) {
        String place = report.startedAt();
        String started = place == null ? "" : "; it was started at " + place;
        log.error(report.message() + started, report.exception());
    }
}
