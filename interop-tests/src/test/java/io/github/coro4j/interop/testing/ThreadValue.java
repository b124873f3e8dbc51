package io.github.coro4j.interop.testing;

import io.github.coro4j.TaskScope;

/** Something that a thread holds, and that is propagated: a text, or null for nothing. */
public interface ThreadValue {

    String get();

    void set(String text);

    /** Has a scope propagate it; nothing to do for what is found as a service. */
    default TaskScope.Builder propagatedBy(TaskScope.Builder builder) {
        return builder;
    }
}
