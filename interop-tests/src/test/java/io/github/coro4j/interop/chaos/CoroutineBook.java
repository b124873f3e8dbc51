package io.github.coro4j.interop.chaos;

import io.github.coro4j.FailureReport;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The books of one coroutine that is not a task. It begins at most once, ends, and its failure is reported once. */
final class CoroutineBook {
    final String label;

    /** The scope that waits for the coroutine, or null if no scope does. */
    final ScopeBook scope;

    private final Ledger ledger;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private volatile BooleanSupplier isOver = () -> false;
    private volatile long launchedAt = Long.MAX_VALUE;
    private volatile Throwable thrown;

    CoroutineBook(Ledger ledger, String label, ScopeBook scope) {
        this.ledger = ledger;
        this.label = label;
        this.scope = scope;
        ledger.coroutines.add(this);
    }

    /** Call after the launch. The coroutine may have begun. */
    void launched(BooleanSupplier isOver) {
        this.isOver = isOver;
        launchedAt = ledger.now();
    }

    void entered() {
        if (begun.incrementAndGet() > 1) {
            ledger.wrong(this + " began twice");
        }
        if (scope != null && scope.isClosed()) {
            ledger.wrong(this + " began in " + scope + ", which is closed");
        }
    }

    /** Books the failure, which no other coroutine shares. */
    void threw(Throwable exception) {
        thrown = exception;
    }

    void left() {
        left.incrementAndGet();
    }

    Throwable thrown() {
        return thrown;
    }

    /**
     * Checks the coroutine after a close of its scope, which began at the given time. A coroutine that was launched after a
     * cancel never begins, and the close does not wait for it.
     */
    void scopeClosed(long closing) {
        if (launchedAt < closing && begun.get() > 0 && !isOver.getAsBoolean()) {
            ledger.wrong(scope + " was closed, and " + this + " runs on");
        }
    }

    void balance() {
        if (!isOver.getAsBoolean()) {
            ledger.wrong(this + " has never ended");
        }
        if (begun.get() != left.get()) {
            ledger.wrong(this + " began " + begun + " times, and ended " + left + " times");
        }
        if (thrown != null) {
            long reportCount =
                    ledger.reports.stream()
                            .filter(each -> each.kind() == FailureReport.Kind.UNREAD_FAILURE)
                            .filter(each -> each.exception() == thrown)
                            .count();
            if (reportCount != 1) {
                ledger.wrong(
                        "the failure of "
                                + this
                                + " was reported "
                                + reportCount
                                + " times: "
                                + thrown);
            }
        }
    }

    @Override
    public String toString() {
        return "the coroutine of " + label;
    }
}
