package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The books of one callback. For each time that it was added it must run once, or be removed. */
final class CallbackBook implements Consumer<Future<Object>> {
    /** The callbacks of one future on one executor. They run one after another, in order (R12). */
    static final class Lane {
        private final AtomicBoolean busy = new AtomicBoolean();
        private final ConcurrentMap<Thread, Long> latest = new ConcurrentHashMap<>();
    }

    final Account account;
    final boolean isOnDefaultExecutor;
    final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final Ledger ledger;
    private final Lane lane;
    private final Thread adder = Thread.currentThread();
    private final long addedAt;
    private final Consumer<Account> work;
    private volatile long settledAt = Long.MAX_VALUE;
    private final AtomicInteger added = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();

    /**
     * The thread that adds the callback creates the book.
     *
     * @param lane the lane of its future and executor
     * @param work the code that the callback runs
     */
    CallbackBook(
            Ledger ledger,
            Account account,
            Lane lane,
            boolean isOnDefaultExecutor,
            Consumer<Account> work) {
        this.ledger = ledger;
        this.account = account;
        this.lane = lane;
        this.isOnDefaultExecutor = isOnDefaultExecutor;
        this.work = work;
        addedAt = ledger.now();
        ledger.callbacks.add(this);
    }

    /** Call before adding the callback. */
    void adding(int times) {
        added.addAndGet(times);
    }

    /** Call after the last time that the callback was added. */
    void hasBeenAdded() {
        settledAt = ledger.now();
    }

    /** Call before trying to remove the callback. */
    void removing() {
        settledAt = Long.MAX_VALUE;
    }

    void removed(int times) {
        removed.addAndGet(times);
    }

    /** Returns the time when the callback was added, unless a thread may be removing it. */
    long settledAt() {
        return settledAt;
    }

    @Override
    public void accept(Future<Object> future) {
        if (!lane.busy.compareAndSet(false, true)) {
            ledger.wrong(this + " ran at the same time as another callback of its lane (R12)");
        }
        try {
            ran(future);
            Long before = lane.latest.put(adder, addedAt);
            if (before != null && before > addedAt) {
                ledger.wrong(this + " ran after one that was added later (R12)");
            }
            work.accept(account);
        } finally {
            lane.busy.set(false);
            over.incrementAndGet();
        }
    }

    private void ran(Future<Object> future) {
        int nth = runs.incrementAndGet();
        if (nth + removed.get() > added.get()) {
            ledger.wrong(this + " ran once too often, or after it was removed (R10, R14)");
        }
        if (future != account.future) {
            ledger.wrong(this + " was given another future: " + future);
        }
        if (!account.seenDone()) {
            ledger.wrong(this + " ran before its future was done");
        }
        if (Task.current() != null) {
            ledger.wrong(this + " ran inside a task: " + Task.current());
        }
    }

    /** Returns whether the callback has run or was removed for each time that it was added. */
    boolean isBalanced() {
        return runs.get() + removed.get() == added.get();
    }

    /** Returns whether all runs have ended too. A running callback may add another callback. */
    boolean isOver() {
        return over.get() + removed.get() == added.get();
    }

    void balance() {
        if (!isBalanced()) {
            ledger.wrong(
                    this + " ran " + runs + " times and was removed " + removed + " times (R10)");
        }
    }

    @Override
    public String toString() {
        return "a callback of " + account + ", added " + added + " times,";
    }
}
