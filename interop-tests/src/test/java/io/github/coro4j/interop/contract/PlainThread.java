package io.github.coro4j.interop.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread of the user's own, without a task, and what came of it. */
final class PlainThread<T> {
    private final FutureTask<T> work;
    private final Thread thread;

    private PlainThread(String name, Callable<T> body) {
        work = new FutureTask<>(body);
        thread = new Thread(work, name);
    }

    static <T> PlainThread<T> start(String name, Callable<T> body) {
        PlainThread<T> started = new PlainThread<>(name, body);
        started.thread.start();
        return started;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread is blocked, or has ended: then it did what it does before it blocks. */
    void awaitBlocked() {
        while (true) {
            switch (thread.getState()) {
                case WAITING, TIMED_WAITING, TERMINATED -> {
                    return;
                }
                default -> Thread.yield();
            }
        }
    }

    T result() throws InterruptedException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw new AssertionError(thread.getName() + " threw " + e.getCause(), e.getCause());
        }
    }
}
