package io.github.coro4j.interop.gather;

import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The end of each task of a scope, by its name. */
final class TaskEnds implements TaskListener {
    private final Map<String, TaskEvent> ended = new HashMap<>();
    private final Set<String> started = new HashSet<>();

    @Override
    public synchronized void ended(TaskEvent event) {
        ended.put(event.name(), event);
        notifyAll();
    }

    @Override
    public synchronized void started(TaskEvent event) {
        started.add(event.name());
    }

    /** Waits until the task has ended, if it has begun. */
    synchronized void awaitIfStarted(String task) {
        if (started.contains(task)) {
            await(task);
        }
    }

    /** Waits until the task has ended. */
    synchronized void await(String task) {
        try {
            while (!ended.containsKey(task)) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for the end of " + task, e);
        }
    }

    /** Returns the end of the task, or null if it has not ended. */
    synchronized TaskEvent of(String task) {
        return ended.get(task);
    }

    /** Returns whether the body of the task has begun. */
    synchronized boolean hasStarted(String task) {
        return started.contains(task);
    }

    /** Returns whether a task has ended with the failure. */
    synchronized boolean have(Throwable failure) {
        return ended.values().stream().anyMatch(event -> event.exception() == failure);
    }
}
