package io.github.coro4j.interop.chaos;

import static io.github.coro4j.interop.chaos.RoundReport.shown;

import io.github.coro4j.Outcome;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The books of the body of one future: its steps, and what it and its coroutines threw. */
final class BodyBook {
    private final Ledger ledger;
    private final Account account;
    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean isSuspending;

    /** The exceptions of the coroutines that the body has launched. */
    private final List<Throwable> thrownByChildren = new CopyOnWriteArrayList<>();

    // These fields are neither volatile nor locked. A thread that sees the future done must see
    // them (R26).
    private int entered;
    private int left;
    private Throwable thrown;

    BodyBook(Ledger ledger, Account account) {
        this.ledger = ledger;
        this.account = account;
    }

    void entered() {
        if (begun.incrementAndGet() > 1) {
            ledger.wrong(account + ": its body began twice");
        }
        entered++;
        if (account.scope.hasJobEnded() && account.kind == Account.Kind.BODY) {
            ledger.wrong(account + " began after the job of " + account.scope + " had ended (R28)");
        }
        if (account.future.isDone()) {
            ledger.wrong(account + " was done when its body began");
        }
    }

    void threw(Throwable exception) {
        thrown = exception;
    }

    /** The body is a coroutine, so a refusal of the executor or a failure of a child can fail it too. */
    void suspending() {
        isSuspending = true;
    }

    boolean isSuspending() {
        return isSuspending;
    }

    void childThrew(Throwable exception) {
        thrownByChildren.add(exception);
    }

    void left() {
        if (account.future.isDone()) {
            ledger.wrong(account + " was done before its body had ended (R2)");
        }
        left++;
    }

    Throwable thrown() {
        return thrown;
    }

    /**
     * Returns whether the body or one of its coroutines threw the exception after another of them had failed. Then the engine
     * attaches it to that failure, or reports it (R17).
     */
    boolean failedLaterWith(Throwable exception) {
        boolean threw =
                thrown == exception
                        || thrownByChildren.stream().anyMatch(each -> each == exception);
        return isSuspending
                && threw
                && account.end() != null
                && account.end().exceptionOrNull() != exception;
    }

    boolean hasEntered() {
        return begun.get() > 0;
    }

    /** Returns whether the body has ended as often as it has begun. */
    boolean isOver() {
        return entered == left;
    }

    /** Checks that the end has what the body and its coroutines threw. */
    void balance(Outcome<Object> outcome) {
        if (thrown != null && outcome instanceof Outcome.Success) {
            ledger.wrong(account + " threw " + shown(thrown) + " and succeeded");
        }
        boolean isOfTheChaos =
                thrown instanceof Error
                        || thrown instanceof Marked && !(thrown instanceof CancellationException);
        // Once a hook has begun, an exception counts as the cancel (R7).
        boolean isEffectOfAHook =
                thrown instanceof Exception
                        && outcome instanceof Outcome.Cancelled
                        && ledger.hooks.stream().anyMatch(hook -> hook.hasBegunIn(account));
        if (isOfTheChaos
                && !isEffectOfAHook
                && !isIn(outcome, thrown)
                && !ledger.wasReported(thrown)) {
            ledger.wrong(
                    account + " threw " + shown(thrown) + ", and its end is " + shown(outcome));
        }
        for (Throwable each : thrownByChildren) {
            if (!isIn(outcome, each) && !ledger.wasReported(each)) {
                ledger.wrong(
                        account
                                + " has lost the exception of its coroutine, "
                                + each
                                + ": "
                                + outcome);
            }
        }
    }

    /** Returns whether the exception is the end. For a coroutine it may be suppressed in the first exception. */
    private boolean isIn(Outcome<Object> outcome, Throwable exception) {
        Throwable surfaced = outcome.exceptionOrNull();
        if (!isSuspending || surfaced == null) {
            return surfaced == exception;
        }
        Set<Throwable> known = Audit.identitySet();
        Audit.addAll(known, surfaced);
        return known.contains(exception);
    }
}
