package io.github.coro4j.interop.chaos;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Opens once. */
final class Latch {
    private final CountDownLatch closed = new CountDownLatch(1);

    void open() {
        closed.countDown();
    }

    boolean isOpen() {
        return closed.getCount() == 0;
    }

    void await() throws InterruptedException {
        closed.await();
    }

    boolean await(int millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Keeps the interrupt flag. */
    void awaitUninterruptibly() {
        boolean interrupted = false;
        while (!isOpen()) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
