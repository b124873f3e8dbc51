package io.github.coro4j.interop.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An executor with one thread and a queue. Unlike the JDK's pools it never clears the interrupt flag between two tasks, so
 * the next task sees a flag that leaks from the task before.
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

    /** Returns the number of tasks that have left the interrupt flag set. */
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
