package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Checks whether the books balance, once all futures have ended and all scopes are closed.
 *
 * <p>It checks three rules for failures. Each failure of a body was read or reported, or is the cause of such a failure, or is
 * suppressed in one. No failure was reported more often than there are futures that ended with it and that were unread when
 * the close of their scope began: a read that races with a close may come first or not. The failure of a launch may be
 * reported before any read. A failure may still be unread in a future to which no close applies. The audit reads these
 * failures.
 */
final class Audit {
    private final Ledger ledger;

    /** The failures that the round has read before the audit reads everything. */
    private final Set<Throwable> handedOver;

    Audit(Ledger ledger) {
        this.ledger = ledger;
        handedOver = ledger.allHandedOver();
    }

    /** Returns all faults, or an empty list. */
    List<String> balance() {
        ledger.accounts.forEach(Account::balance);
        ledger.callbacks.forEach(CallbackBook::balance);
        ledger.permits.forEach(PermitBook::balance);
        ledger.hooks.forEach(HookBook::balance);
        ledger.coroutines.forEach(CoroutineBook::balance);
        nothingIsLost();
        nothingIsReportedTwice();
        callbackFailures();
        return ledger.wrongs();
    }

    private void nothingIsLost() {
        Set<Throwable> known = identitySet();
        handedOver.forEach(each -> addAll(known, each));
        ledger.reports.forEach(each -> addAll(known, each.exception()));
        for (Account each : ledger.accounts) {
            if (each.mayBeUnread() && each.end() instanceof Outcome.Failure<Object> failure) {
                addAll(known, failure.exception());
            }
        }
        for (Account each : ledger.accounts) {
            Throwable thrown = each.body.thrown();
            if (each.end() instanceof Outcome.Failure<Object> failure
                    && (failure.exception() == thrown || each.body.isSuspending())
                    && !known.contains(failure.exception())
                    && !(failure.cause() != failure.exception() && known.contains(failure.cause()))
                    && !ledger.wasReported(failure.exception())
                    // A coroutine that reads such a failure ends as cancelled, and reports nothing.
                    && !(failure.exception() instanceof CancellationException)) {
                ledger.wrong(
                        "a failure was neither read nor reported: "
                                + each
                                + " threw: "
                                + RoundReport.shown(failure));
            }
        }
    }

    private void nothingIsReportedTwice() {
        Set<Throwable> looked = identitySet();
        ledger.coroutines.forEach(
                each -> looked.add(each.thrown())); // their books count their own reports
        for (FailureReport report : ledger.reports) {
            Throwable exception = report.exception();
            if (report.kind() == FailureReport.Kind.UNREAD_FAILURE && looked.add(exception)) {
                long reportCount =
                        ledger.reports.stream()
                                .filter(each -> each.kind() == report.kind())
                                .filter(each -> each.exception() == exception)
                                .count();
                List<Account> failed =
                        ledger.accounts.stream()
                                .filter(each -> endedWith(each, exception))
                                .toList();
                // A failure belongs to the scope where it happened, even if a future of another
                // scope takes it over.
                long closing =
                        failed.stream()
                                .mapToLong(each -> each.scope.closingAt())
                                .min()
                                .orElse(Long.MAX_VALUE);
                long unread =
                        failed.stream()
                                .filter(each -> each.isLaunch() || !each.isReadBefore(closing))
                                .count();
                // No account shows a child that was refused before it began.
                boolean isRefusal =
                        exception instanceof RejectedExecutionException
                                || exception instanceof LinkageError;
                long later =
                        ledger.accounts.stream()
                                .filter(each -> each.body.failedLaterWith(exception))
                                .count();
                int hidden = isRefusal || isOfAChannel(exception) ? 1 : 0;
                long unseen = hidden + later + ledger.mark.unseenFailures(exception);
                if (reportCount > unread + unseen) {
                    ledger.wrong(
                            "reported "
                                    + reportCount
                                    + " times, but unread in "
                                    + unread
                                    + " futures: "
                                    + RoundReport.shown(report));
                }
            }
        }
    }

    /** A body that is interrupted before it blocks in a channel closes the channel itself, and throws its exception. */
    private static boolean isOfAChannel(Throwable exception) {
        return exception instanceof ChaosFailure
                && "thrown by the close of a channel".equals(exception.getMessage());
    }

    private static boolean endedWith(Account account, Throwable exception) {
        return account.end() instanceof Outcome.Failure<Object> failure
                && failure.exception() == exception;
    }

    private void callbackFailures() {
        for (Throwable thrown : ledger.thrownByCallbacks) {
            long reportCount =
                    ledger.reports.stream()
                            .filter(each -> each.kind() == FailureReport.Kind.CALLBACK_FAILED)
                            .filter(each -> each.exception() == thrown)
                            .count();
            long times = ledger.thrownByCallbacks.stream().filter(each -> each == thrown).count();
            if (reportCount != times && !ledger.standIns.contains(thrown.getClass().getName())) {
                ledger.wrong(
                        times
                                + " failures of callbacks were reported "
                                + reportCount
                                + " times: "
                                + RoundReport.shown(thrown));
            }
        }
    }

    /** Adds the exception, its causes and its suppressed exceptions. */
    static void addAll(Set<Throwable> known, Throwable exception) {
        Deque<Throwable> pending = new ArrayDeque<>();
        pending.add(exception);
        while (!pending.isEmpty()) {
            Throwable each = pending.remove();
            if (known.add(each)) {
                Throwable cause = Broken.causeOf(each);
                if (cause != null) {
                    pending.add(cause);
                }
                pending.addAll(Arrays.asList(each.getSuppressed()));
            }
        }
    }

    static Set<Throwable> identitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
