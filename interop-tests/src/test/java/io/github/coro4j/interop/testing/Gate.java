package io.github.coro4j.interop.testing;

import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import java.util.concurrent.CountDownLatch;

/** A gate at which bodies wait until the test opens it. */
public final class Gate {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final Promise<Void> promise;

    /** Makes a gate at which bodies wait for a latch, which the engine does not see. */
    public Gate() {
        this(null);
    }

    private Gate(Promise<Void> promise) {
        this.promise = promise;
    }

    /**
     * Makes a gate at which bodies wait for a promise, so that a test scope sees that they are idle. A cancel ends the
     * wait with a {@code CancellationException}.
     */
    public static Gate ofPromise() {
        return new Gate(Promise.create());
    }

    public void open() {
        opened.countDown();
        if (promise != null) {
            promise.complete(null);
        }
    }

    /** Waits in a body, and throws if the task is cancelled: by default, an {@link InterruptedException}. */
    public void pass() throws InterruptedException {
        reached.countDown();
        if (promise != null) {
            promise.join();
        }
        opened.await();
    }

    /** Waits in clean-up code, even after an interrupt, and keeps the interrupt flag. */
    public void passUninterruptibly() {
        reached.countDown();
        if (promise != null) {
            awaitOpened();
        }
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

    private void awaitOpened() {
        try {
            Task.nonCancellable(promise::join);
        } catch (Exception e) {
            throw new AssertionError("nothing but open() ends the promise", e);
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
