package io.github.coro4j.interop.future;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A future that the test ends, and that records which thread waits for it. */
class Followed extends FutureTask<String> {
    private final CountDownLatch read = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    volatile Thread reader;

    Followed() {
        super(() -> "never");
    }

    @Override
    public void set(String value) {
        super.set(value);
    }

    void awaitReader() {
        try {
            read.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String get() throws InterruptedException, ExecutionException {
        reader = Thread.currentThread();
        read.countDown();
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("before it waited");
            }
            return super.get();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    @Override
    public String get(long timeout, TimeUnit unit) {
        throw new AssertionError("a watcher waits without a limit");
    }
}
