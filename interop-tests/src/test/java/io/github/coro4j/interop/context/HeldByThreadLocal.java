package io.github.coro4j.interop.context;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.TaskScope;

/** A thread-local that a scope was told to propagate. */
final class HeldByThreadLocal implements Held {
    private final ThreadLocal<String> local;

    HeldByThreadLocal() {
        this(new ThreadLocal<>());
    }

    HeldByThreadLocal(ThreadLocal<String> local) {
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
