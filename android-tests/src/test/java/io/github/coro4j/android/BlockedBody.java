package io.github.coro4j.android;

import io.github.coro4j.ThrowingRunnable;
import java.util.concurrent.CountDownLatch;

/** A body that blocks until it is interrupted, and counts that. */
final class BlockedBody implements ThrowingRunnable {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public void run() throws InterruptedException {
        begun.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
    }

    boolean wasInterrupted() {
        return interrupted.getCount() == 0;
    }
}
