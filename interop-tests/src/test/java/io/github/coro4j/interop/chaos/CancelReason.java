package io.github.coro4j.interop.chaos;

import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;

/** Checks that the reason of a cancelled future is possible. */
record CancelReason(Ledger ledger, Account account) {

    /** The round must have given the reason, or the engine. */
    void balance(Outcome.Cancelled<Object> cancelled) {
        if (!(cancelled.cancellation() instanceof TaskCancelledException cancellation)) {
            ledger.wrong(
                    account
                            + " was cancelled without a reason of this round: "
                            + RoundReport.shown(cancelled));
            return;
        }
        String reason = cancellation.reason();
        if (Switches.INNER_SCOPES
                && account.future instanceof Task
                && !account.body.isSuspending()) {
            cancelledByScope(reason);
        }
        boolean isKnown =
                reason == null
                        || ledger.reasons.contains(reason)
                        || reason.startsWith("its CompletableFuture was ")
                        || reason.equals("the waiting thread was interrupted")
                        || reason.contains(" that called it failed: ")
                        || reason.endsWith(" refused it")
                        || reason.equals(
                                "The task was rejected") // the reason of a pool that was shut down
                        || reason.equals("its caller would have waited for it in a circle")
                        || reason.equals("Parent job is Cancelling")
                        || reason.endsWith(" is no longer collected")
                        || reason.contains("was closed")
                        || reason.startsWith("the deadline of scope")
                        || reason.contains("timed out after")
                        || reason.contains(" was enough for using(")
                        || reason.endsWith(" was closed")
                        || reason.endsWith(" failed")
                        || reason.endsWith(" succeeded first")
                        || reason.endsWith(" was done first")
                        || reason.contains(" have succeeded, ")
                        || reason.contains(" can no longer succeed, since ");
        if (!isKnown) {
            ledger.wrong(account + " was cancelled for an unknown reason: " + reason);
        }
    }

    /** Checks R20: the end of a scope cancels only futures of that scope, or of a scope inside it. */
    private void cancelledByScope(String reason) {
        for (ScopeBook each : ledger.scopes) {
            if (("scope \"" + each.scope.name() + "\" was closed").equals(reason)
                    && !each.isAround(account.scope)
                    && !account.ownsWhatItReturns()) {
                ledger.wrong(
                        account
                                + " of "
                                + account.scope
                                + " was cancelled by the close of "
                                + each);
            }
        }
    }
}
