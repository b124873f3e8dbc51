package io.github.coro4j.interop.testing;

import java.util.concurrent.CountDownLatch;

/** A gate at which bodies wait until the test opens it. */
public final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);

    public void open() {
        opened.countDown();
    }

    /** Waits in a body, and throws an {@link InterruptedException} if the task is cancelled. */
    public void pass() throws InterruptedException {
        reached.countDown();
        opened.await();
    }

    /** Waits in clean-up code, even after an interrupt, and keeps the interrupt flag. */
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

    /** Waits in the test until a body has reached the gate. */
    public void awaitReached() {
        try {
            reached.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a body to reach the gate", e);
        }
    }
}
