package io.github.coro4j.interop.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A latch that opens once. A wait that takes longer than a round ends as if the latch had opened, and fails the seed. */
final class Latch {
    private static final int MOST_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Ledger ledger;
    private final String what;

    /**
     * @param what the name of the event, for the message of a wait that takes too long
     */
    Latch(Ledger ledger, String what) {
        this.ledger = ledger;
        this.what = what;
    }

    void open() {
        closed.countDown();
    }

    boolean isOpen() {
        return closed.getCount() == 0;
    }

    void await() throws InterruptedException {
        if (!closed.await(MOST_SECONDS, TimeUnit.SECONDS)) {
            ledger.stuck(what);
        }
    }

    boolean await(int millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits until the latch is open, and keeps the interrupt flag. */
    void awaitUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
