package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureReport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the default listener logs in a round, as reports: a {@code run} on a thread without a scope has no other listener. */
final class DefaultListenerLog extends Handler {
    // Held strongly: java.util.logging keeps loggers only weakly.
    private final Logger logger = Logger.getLogger("io.github.coro4j");
    private final Ledger ledger;
    private boolean usedParents;

    DefaultListenerLog(Ledger ledger) {
        this.ledger = ledger;
    }

    void open() {
        usedParents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParents);
    }

    @Override
    public void publish(LogRecord line) {
        for (FailureReport.Kind kind : FailureReport.Kind.values()) {
            FailureReport report = new FailureReport(kind, "", line.getThrown());
            int at = line.getMessage().indexOf(report.message());
            if (at > 0) {
                String name = line.getMessage().substring(0, at);
                ledger.reports.add(new FailureReport(kind, name, line.getThrown()));
                return;
            }
        }
        ledger.wrong("logged: " + line.getMessage() + ": " + line.getThrown());
    }

    @Override
    public void flush() {}
}
