package io.github.coro4j.interop.chaos;

import static io.github.coro4j.interop.chaos.RoundReport.shown;

import io.github.coro4j.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The books of the requests to end one future: its cancels, and the calls that end a promise. */
final class RequestBook {
    private final Ledger ledger;
    private final Account account;

    /** The number of calls of {@code cancel} that returned true. */
    private final AtomicInteger cancels = new AtomicInteger();

    /** For a promise: the end of each call that returned true. */
    private final List<Outcome<Object>> winners = new CopyOnWriteArrayList<>();

    private volatile boolean isPromise;

    RequestBook(Ledger ledger, Account account) {
        this.ledger = ledger;
        this.account = account;
    }

    void promise() {
        isPromise = true;
    }

    /** Books the answer of {@code cancel}. */
    void cancelled(boolean answer) {
        if (answer) {
            cancels.incrementAndGet();
        } else if (!account.seenDone()) {
            ledger.wrong(account + " is not done, and a cancel was refused");
        }
    }

    /** Books a call that returned true for ending this promise. */
    void endedBy(Outcome<Object> outcome) {
        winners.add(outcome);
    }

    /** Checks that the end is the one that a request gave the future. */
    void balance(Outcome<Object> outcome) {
        if (cancels.get() > 0 && outcome instanceof Outcome.Success) {
            ledger.wrong(account + " was cancelled, as the call said, and has a value");
        }
        if (isPromise) {
            balanceWinners(outcome instanceof Outcome.Cancelled);
        }
        for (Outcome<Object> winner : winners) {
            if (!Account.areSame(winner, outcome)) {
                ledger.wrong(
                        account
                                + " has the end "
                                + shown(outcome)
                                + ", but the winner is "
                                + shown(winner));
            }
        }
    }

    /** Exactly one call must have ended a promise. A cancel may also have come from a group or a derived future. */
    private void balanceWinners(boolean isCancelled) {
        int expected = isCancelled ? 0 : 1;
        int allowedCancels = isCancelled ? 1 : 0;
        if (winners.size() != expected || cancels.get() > allowedCancels) {
            ledger.wrong(
                    account
                            + " was ended by "
                            + shown(winners)
                            + " and by "
                            + cancels
                            + " cancels");
        }
    }
}
