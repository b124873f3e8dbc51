package io.github.coro4j.interop.chaos;

import io.github.coro4j.WaitInterruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Closes the scopes of a round whose threads are done, waits for the ends of all futures, and reads them. */
record RoundEnd(Round round) {
    /** The time to wait for an event that must come, before the audit books that it has not. */
    private static final long LOST_AFTER_SECONDS = 20;

    void closeAll() {
        List<ScopeBook> inOrder = new ArrayList<>(round.ledger.scopes);
        inOrder.remove(round.global);
        if (!round.plan.closesRootFirst) {
            java.util.Collections.reverse(inOrder);
        }
        for (ScopeBook each : inOrder) {
            each.closing();
            each.scope.close();
            each.closed();
        }
    }

    /** Waits for all ends without reading them. Bodies of the global scope may still create futures. */
    void awaitEnds() throws InterruptedException {
        int known = -1;
        while (known != round.ledger.accounts.size()) {
            List<Account> accounts = List.copyOf(round.ledger.accounts);
            known = accounts.size();
            CountDownLatch left = new CountDownLatch(known);
            for (Account each : accounts) {
                each.future.addDoneCallback(future -> left.countDown(), Runnable::run);
            }
            left.await(LOST_AFTER_SECONDS, TimeUnit.SECONDS);
            await(() -> round.owed.get() == 0 && round.inside.get() == 0);
            joinGlobal();
        }
        if (round.inside.get() != 0) {
            round.ledger.wrong(round.inside + " bodies are still running");
        }
    }

    /**
     * Joins the global scope. Children of a failed group that have not begun have no account, and no list of tasks shows them.
     * The group stays in its scope until the last child has ended, so the round waits for the scope.
     */
    private void joinGlobal() throws InterruptedException {
        Thread joining = new Thread(this::joinQuietly, "chaos-joins-global");
        joining.start();
        joining.join(TimeUnit.SECONDS.toMillis(LOST_AFTER_SECONDS));
        if (joining.isAlive()) {
            round.ledger.wrong(
                    "something in the global scope does not end: " + round.global.scope.dump());
            joining.interrupt();
            joinOrGiveUp(joining);
        }
    }

    private void joinQuietly() {
        try {
            round.global.scope.join();
        } catch (WaitInterruptedException e) {
            // The caller has booked this wait.
        }
    }

    static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LOST_AFTER_SECONDS);
        while (!condition.getAsBoolean() && System.nanoTime() < until) {
            LockSupport.parkNanos(50_000);
        }
    }

    /** Two threads read all futures at once. */
    void readAll() throws InterruptedException {
        Runnable read =
                () -> {
                    for (Account each : round.ledger.accounts) {
                        if (each.seenDone()) {
                            Readings.readEveryWay(each);
                        }
                    }
                };
        Thread second = new Thread(read, "chaos-second-reader");
        second.start();
        read.run();
        joinOrGiveUp(second);
    }

    void joinOrGiveUp(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.SECONDS.toMillis(LOST_AFTER_SECONDS));
        if (thread.isAlive()) {
            round.ledger.stuck(thread.getName());
        }
    }
}
