package io.github.coro4j.interop.testing;

import java.util.concurrent.CountDownLatch;

/** Something that bodies wait at until the test opens it. */
public final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);

    public void open() {
        opened.countDown();
    }

    /** For bodies: ends with an {@link InterruptedException} when the task is cancelled. */
    public void pass() throws InterruptedException {
        reached.countDown();
        opened.await();
    }

    /** For clean-up code: waits even when interrupted, and keeps the interrupt flag. */
    public void passUninterruptibly() {
        reached.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                opened.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For the test: waits until a body stands at the gate. */
    public void awaitReached() {
        try {
            reached.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a body to reach the gate", e);
        }
    }
}
