package io.github.coro4j.interop.chaos;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The text of a round that has failed. It shows exceptions whose own methods may throw. */
final class RoundReport {
    private RoundReport() {}

    static String of(Round round) {
        Ledger ledger = round.ledger;
        StringBuilder text = new StringBuilder(round.plan.toString());
        text.append("wrong:\n");
        ledger.wrongs().forEach(each -> text.append("  ").append(each).append('\n'));
        text.append("reported:\n");
        ledger.reports.forEach(each -> text.append("  ").append(shown(each)).append('\n'));
        text.append("done, in order:\n  ");
        text.append(String.join(", ", round.trail())).append('\n');
        text.append("futures:\n");
        for (Account each : ledger.accounts) {
            text.append("  ").append(each).append(" in ").append(each.scope);
            text.append(": ").append(shown(each.future)).append('\n');
        }
        ledger.scopes.forEach(each -> text.append(each.scope.dump()));
        if (ledger.stuck() != null) {
            text.append(ledger.stuck());
        }
        return text.toString();
    }

    /** Returns the stack trace of the exception, or its class if printing it fails. */
    static String text(Throwable exception) {
        StringWriter text = new StringWriter();
        try {
            exception.printStackTrace(new PrintWriter(text));
        } catch (Throwable broken) {
            return shown(exception);
        }
        return text.toString();
    }

    /** Returns the text of the object, or its class if toString() throws. */
    static String shown(Object something) {
        try {
            return String.valueOf(something);
        } catch (Throwable broken) {
            return "a " + something.getClass().getName();
        }
    }
}
