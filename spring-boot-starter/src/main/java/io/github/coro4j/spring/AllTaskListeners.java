package io.github.coro4j.spring;

import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import java.util.List;

/** Calls the listeners in order, and stops at the first that throws. The engine reports the exception. */
record AllTaskListeners(List<TaskListener> all) implements TaskListener {
    @Override
    public void started(TaskEvent event) {
        all.forEach(each -> each.started(event));
    }

    @Override
    public void ended(TaskEvent event) {
        all.forEach(each -> each.ended(event));
    }

    @Override
    public void cancelRequested(TaskEvent event) {
        all.forEach(each -> each.cancelRequested(event));
    }
}
