package io.github.coro4j.interop.context;

import io.github.coro4j.ContextCarrier;
import io.github.coro4j.TaskScope;

/** A thread-local that a scope was told to carry. */
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
    public TaskScope.Builder carriedBy(TaskScope.Builder builder) {
        return builder.carry(ContextCarrier.of(local));
    }

    @Override
    public String toString() {
        return local.getClass().getSimpleName();
    }
}
