package io.github.coro4j.examples;

import io.github.coro4j.Future;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The way from Ctrl-C to the work, and back. A shutdown hook asks the work to stop and then waits until the program lets
 * it go: the process ends no earlier than the summary is printed.
 */
final class DigestStop {
    private final CountDownLatch letGo = new CountDownLatch(1);
    private boolean requested;
    private @Nullable Future<?> work;

    /** One that listens to the end of the process, by Ctrl-C or otherwise. */
    static DigestStop atShutdown() {
        DigestStop stop = new DigestStop();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "digest-stop"));
        return stop;
    }

    /** From now on a request cancels this work, and no longer the work before it. */
    synchronized <T> Future<T> cancels(Future<T> next) {
        work = next;
        if (requested) {
            cancel(next);
        }
        return next;
    }

    synchronized void request() {
        requested = true;
        if (work != null) {
            cancel(work);
        }
    }

    synchronized boolean requested() {
        return requested;
    }

    /** The hook need not wait any longer. */
    void letGo() {
        letGo.countDown();
    }

    private void requestAndWait() {
        request();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cancel(Future<?> work) {
        work.cancel("the process was asked to end");
    }
}
