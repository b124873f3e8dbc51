package io.github.coro4j.interop.gather;

import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import java.util.HashMap;
import java.util.Map;

/** The end of each task of a scope, by its name. */
final class TaskEnds implements TaskListener {
    private final Map<String, TaskEvent> ended = new HashMap<>();

    @Override
    public synchronized void ended(TaskEvent event) {
        ended.put(event.name(), event);
        notifyAll();
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

    /** Returns whether a task has ended with the failure. */
    synchronized boolean have(Throwable failure) {
        return ended.values().stream().anyMatch(event -> event.exception() == failure);
    }
}
