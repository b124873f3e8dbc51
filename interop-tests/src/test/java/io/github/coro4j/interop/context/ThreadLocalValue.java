package io.github.coro4j.interop.context;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ThreadValue;

/** A thread-local that a scope propagates. */
final class ThreadLocalValue implements ThreadValue {
    private final ThreadLocal<String> local;

    ThreadLocalValue() {
        this(new ThreadLocal<>());
    }

    ThreadLocalValue(ThreadLocal<String> local) {
        this.local = local;
    }

    @Override
    public String get() {
        return local.get();
    }

    @Override
    public void set(String text) {
        local.set(text);
    }

    @Override
    public TaskScope.Builder propagatedBy(TaskScope.Builder builder) {
        return builder.contextPropagator(ContextPropagator.of(local));
    }

    @Override
    public String toString() {
        return local.getClass().getSimpleName();
    }
}
