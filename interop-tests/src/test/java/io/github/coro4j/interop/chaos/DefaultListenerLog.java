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
        String text = line.getMessage();
        for (FailureReport.Kind kind : FailureReport.Kind.values()) {
            FailureReport sample = new FailureReport(kind, "type", "name", line.getThrown());
            String what = sample.message().substring(sample.label().length());
            if (text.endsWith("\"" + what)) {
                int type = text.indexOf(" \"");
                String name = text.substring(type + 2, text.length() - what.length() - 1);
                ledger.reports.add(
                        new FailureReport(kind, text.substring(0, type), name, line.getThrown()));
                return;
            }
        }
        ledger.wrong("logged: " + text + ": " + line.getThrown());
    }

    @Override
    public void flush() {}
}
