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

    /** From now on it may report; what ends here after that may stay unread until it is unreachable. */
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

    /** A close has returned on a thread that is not part of this scope (R23). */
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

    /** The job of its coroutine scope has ended, as somebody has seen: no body may begin any more (R28). */
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

    /** Its executor drops what it has: that is the end of a body that has not begun, and no end of a coroutine. */
    void losesWork() {
        losesWork = true;
    }

    /** This, or one around it. */
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
