package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureReport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Turns the log of the default listener into reports. A {@code run} on a thread without a scope has no other listener. */
final class DefaultListenerLog extends Handler {
    // This field is strong because java.util.logging keeps loggers only weakly.
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
        // The debug mode adds where the task was started.
        String text = line.getMessage().replaceFirst("; the \\w+ was started at .*$", "");
        for (FailureReport.Kind kind : FailureReport.Kind.values()) {
            FailureReport sample = new FailureReport(kind, "type", "name", line.getThrown());
            String what = sample.message().substring(sample.label().length());
            if (text.endsWith("\"" + what)) {
                if (isOfAnEarlierRound(line.getThrown(), text)) {
                    return;
                }
                if (isStandIn(line.getThrown())) {
                    String shown = line.getThrown().getMessage();
                    ledger.standIns.add(shown.split("[ ,(]", 2)[0]);
                    return;
                }
                int type = text.indexOf(" \"");
                String name = text.substring(type + 2, text.length() - what.length() - 1);
                ledger.reports.add(
                        new FailureReport(kind, text.substring(0, type), name, line.getThrown()));
                return;
            }
        }
        ledger.wrong("logged: " + text + ": " + line.getThrown());
    }

    /** Returns whether the log shows a stand-in for an exception that cannot be printed. It has only the name of its class. */
    private static boolean isStandIn(Throwable exception) {
        return exception.getClass().getSimpleName().equals("Unprintable");
    }

    /** An earlier round may only report a group that no code holds, and a child that was refused before it began. */
    private boolean isOfAnEarlierRound(Throwable exception, String text) {
        if (!(exception instanceof Marked marked) || marked.mark() == ledger.mark) {
            return false;
        }
        if (marked.mark().unseenGroups() == 0 && !(exception instanceof Marked.Rejection)) {
            ledger.wrong(
                    "the round with seed "
                            + marked.mark().seed
                            + " has reported too late: "
                            + text
                            + ": "
                            + exception);
        }
        return true;
    }

    @Override
    public void flush() {}
}
