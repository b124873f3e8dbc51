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

/** The books of one callback: it is added some times, and each time run once or removed. */
final class CallbackBook implements Consumer<Future<Object>> {
    /** What runs one after another, in order: the callbacks of one future on one executor (R12). */
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
     * Made by the thread that adds it.
     *
     * @param lane that of its future and executor
     * @param work what it does
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

    /** Before it is added. */
    void adding(int times) {
        added.addAndGet(times);
    }

    /** All adding is over. */
    void hasBeenAdded() {
        settledAt = ledger.now();
    }

    /** Before somebody tries to. */
    void removing() {
        settledAt = Long.MAX_VALUE;
    }

    void removed(int times) {
        removed.addAndGet(times);
    }

    /** When it was added, unless somebody may be about to remove it. */
    long settledAt() {
        return settledAt;
    }

    @Override
    public void accept(Future<Object> future) {
        if (!lane.busy.compareAndSet(false, true)) {
            ledger.wrong(this + " ran together with another one of its executor (R12)");
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

    /** Each time that it was added it has run, or was removed. */
    boolean isBalanced() {
        return runs.get() + removed.get() == added.get();
    }

    /** As {@link #isBalanced}, and none is still at work: it may be about to add another one. */
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
