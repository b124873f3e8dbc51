package io.github.coro4j.interop.chaos;

import io.github.coro4j.TaskScope;
import java.util.concurrent.atomic.AtomicLong;

/** The books of one scope. */
final class ScopeBook {
    final TaskScope scope;
    final ScopeBook around;
    final boolean isGlobal;
    private final Ledger ledger;
    private final AtomicLong closing = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean isClosed;
    private volatile boolean losesWork;
    private volatile boolean hasJobEnded;

    ScopeBook(Ledger ledger, TaskScope scope, ScopeBook around) {
        this.ledger = ledger;
        this.scope = scope;
        this.around = around;
        isGlobal = scope == TaskScope.global();
        ledger.scopes.add(this);
    }

    /**
     * Books that the close of the scope begins, so that it may report. A future that ends later may stay unread until it is
     * unreachable.
     */
    synchronized void closing() {
        if (closing.get() != Long.MAX_VALUE) {
            return;
        }
        long now = ledger.now();
        for (Account each : ledger.accounts) {
            if (each.scope == this) {
                each.noteScopeClosing();
            }
        }
        closing.set(now);
    }

    /** Checks the scope after a close has returned on a thread that is not part of it (R23). */
    void closed() {
        isClosed = true;
        for (Account each : ledger.accounts) {
            if (each.scope == this && each.kind == Account.Kind.BODY && !each.future.isDone()) {
                ledger.wrong(this + " was closed, and " + each + " runs on: " + each.future);
            }
        }
        for (CallbackBook each : ledger.callbacks) {
            if (each.account.scope == this
                    && each.account.kind == Account.Kind.BODY
                    && each.isOnDefaultExecutor
                    && each.settledAt() < closing.get()
                    && !each.isBalanced()) {
                ledger.wrong(this + " was closed before " + each + " had run");
            }
        }
        for (CoroutineBook each : ledger.coroutines) {
            if (each.scope == this) {
                each.scopeClosed(closing.get());
            }
        }
        if (!scope.tasks().isEmpty()) {
            ledger.wrong(this + " was closed, and has tasks: " + scope.tasks());
        }
    }

    /** Books that a thread has seen the end of the job of the coroutine scope. No body may begin any more (R28). */
    void jobHasEnded() {
        hasJobEnded = Switches.LATE_WORK;
    }

    boolean hasJobEnded() {
        return hasJobEnded;
    }

    boolean isClosed() {
        return isClosed;
    }

    long closingAt() {
        return closing.get();
    }

    /** Books that the executor of the scope drops work. That ends a body that has not begun, but not a coroutine. */
    void losesWork() {
        losesWork = true;
    }

    /** Returns whether the executor of this scope, or of a scope around it, drops work. */
    boolean mayLoseWork() {
        return losesWork || around != null && around.mayLoseWork();
    }

    boolean isAround(ScopeBook other) {
        for (ScopeBook each = other; each != null; each = each.around) {
            if (each == this) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "scope " + scope.name();
    }
}
