package io.github.coro4j.interop.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread and a queue. Unlike the JDK's pools it never clears the interrupt flag between two tasks, so a flag that
 * leaks out of one is there for the next to see.
 */
public final class OneThreadExecutor implements Executor, AutoCloseable {
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger flagsLeft = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    public OneThreadExecutor(String name) {
        thread = new Thread(this::work, name);
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        queue.add(task);
        LockSupport.unpark(thread);
    }

    public Thread thread() {
        return thread;
    }

    /** How many tasks gave the thread back with its interrupt flag set. */
    public int flagsLeft() {
        return flagsLeft.get();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void work() {
        while (true) {
            Runnable task = queue.poll();
            if (task != null) {
                task.run();
                if (thread.isInterrupted()) {
                    flagsLeft.incrementAndGet();
                }
            } else if (closed) {
                return;
            } else {
                LockSupport.park(this);
            }
        }
    }
}
