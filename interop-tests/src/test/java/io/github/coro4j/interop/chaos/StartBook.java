package io.github.coro4j.interop.chaos;

import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import java.util.List;

/** The books of what the body of one future has started in its own scope (R31). */
final class StartBook {
    private final Ledger ledger;
    private final Account account;

    /** The task whose body has started this future, or null. */
    private volatile Task<?> starter;

    /** True once a body may have shielded this future. */
    private volatile boolean isShielded;

    StartBook(Ledger ledger, Account account) {
        this.ledger = ledger;
        this.account = account;
    }

    void startedBy(Task<?> task) {
        starter = task;
    }

    /** Books a shield of this future, before it is made. It also shields what the future follows. */
    void shielded() {
        if (!isShielded) {
            isShielded = true;
            account.follows().forEach(each -> each.starts.shielded());
        }
    }

    boolean isShielded() {
        return isShielded;
    }

    /**
     * Returns whether the task that has started this future may have been cancelled. Then a group ends without others. The
     * task may fail after that.
     */
    boolean endedWithItsStarter() {
        Task<?> by = starter;
        return by != null
                && (by.isCancelling() || by.isCancelled() || by.toString().contains("(failed"));
    }

    /** Checks that a cancelled task has ended after what its body has started. */
    void balanceEnd() {
        List<Account> started = ledger.startedBy(account.future);
        if (started.isEmpty() || !isCancelledByRequest()) {
            return;
        }
        for (Account each : started) {
            if (each.kind == Account.Kind.BODY
                    && !each.starts.isShielded
                    && !each.future.isDone()) {
                ledger.wrong(
                        account
                                + " was cancelled, and is done before "
                                + each
                                + ", which it started (R31)");
            }
        }
    }

    /** A suspend body may end as cancelled without a request. */
    private boolean isCancelledByRequest() {
        return account.future.isCancelled()
                && account.future.outcome().exceptionOrNull() instanceof TaskCancelledException;
    }
}
