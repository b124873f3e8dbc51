package io.github.coro4j.interop.chaos;

import io.github.coro4j.Outcome;
import java.util.concurrent.atomic.AtomicInteger;

/** The books of one hook of {@code Task.onCancel}. */
final class HookBook {
    private final Ledger ledger;
    private final Account task;
    private final String label;
    private final AtomicInteger runs = new AtomicInteger();
    private volatile boolean isRunning;
    private volatile boolean wasRemoved;
    private volatile boolean wasClosed;

    HookBook(Ledger ledger, Account task, String label) {
        this.ledger = ledger;
        this.task = task;
        this.label = label;
    }

    void began() {
        runs.incrementAndGet();
        isRunning = true;
        if (wasClosed || task.future.isDone()) {
            ledger.wrong(this + " begins too late");
        }
    }

    void ended() {
        if (task.future.isDone()) {
            ledger.wrong(this + " runs although its task is done");
        }
        isRunning = false;
    }

    void removed(boolean answer) {
        wasRemoved = answer;
    }

    /** Books that a call of {@code close} has returned. */
    void closed() {
        wasClosed = true;
        if (isRunning) {
            ledger.wrong(this + " runs although its registration is closed");
        }
    }

    boolean hasBegunIn(Account body) {
        return task == body && runs.get() > 0;
    }

    void balance() {
        int times = runs.get();
        boolean mayRun = !wasRemoved && !(task.end() instanceof Outcome.Success<Object>);
        boolean mustRun =
                !wasRemoved && !wasClosed && task.end() instanceof Outcome.Cancelled<Object>;
        if (times > (mayRun ? 1 : 0) || times < (mustRun ? 1 : 0)) {
            ledger.wrong(this + " ran " + times + " times");
        }
    }

    @Override
    public String toString() {
        return label + " of " + task;
    }
}
