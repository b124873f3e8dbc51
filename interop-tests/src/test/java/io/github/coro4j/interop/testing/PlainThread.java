package io.github.coro4j.interop.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread of the user, without a task, and its result. */
public final class PlainThread<T> {
    private final FutureTask<T> work;
    private final Thread thread;

    private PlainThread(String name, Callable<T> body) {
        work = new FutureTask<>(body);
        thread = new Thread(work, name);
    }

    public static <T> PlainThread<T> start(String name, Callable<T> body) {
        PlainThread<T> started = new PlainThread<>(name, body);
        started.thread.start();
        return started;
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** Waits until the thread is blocked or has ended, so that it has run all code before its blocking call. */
    public void awaitBlocked() {
        awaitBlocked(thread);
    }

    /** Waits until a thread is blocked or has ended. */
    public static void awaitBlocked(Thread thread) {
        while (true) {
            switch (thread.getState()) {
                case WAITING, TIMED_WAITING, TERMINATED -> {
                    return;
                }
                default -> Thread.yield();
            }
        }
    }

    public T result() throws InterruptedException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw new AssertionError(thread.getName() + " threw " + e.getCause(), e.getCause());
        }
    }
}
