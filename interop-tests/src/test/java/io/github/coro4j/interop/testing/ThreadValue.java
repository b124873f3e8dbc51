package io.github.coro4j.interop.testing;

import io.github.coro4j.TaskScope;

/** A value that a thread holds and that a scope propagates: a text, or null for none. */
public interface ThreadValue {

    String get();

    void set(String text);

    /** Makes a scope propagate the value. A value whose propagator is a service needs nothing. */
    default TaskScope.Builder propagatedBy(TaskScope.Builder builder) {
        return builder;
    }
}
