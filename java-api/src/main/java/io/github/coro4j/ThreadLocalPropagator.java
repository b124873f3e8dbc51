package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * Propagates a thread-local; see {@link ContextPropagator#of}. Propagators of the same thread-local are equal, so a
 * scope has it once.
 */
record ThreadLocalPropagator<T>(ThreadLocal<@Nullable T> local) implements ContextPropagator {

    @Override
    public @Nullable Object capture() {
        return local.get();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Installed install(@Nullable Object captured) {
        T before = local.get();
        put((T) captured);
        return () -> put(before);
    }

    private void put(@Nullable T value) {
        if (value == null && isPlain()) {
            local.remove();
        } else {
            local.set(value);
        }
    }

    /** Returns true if null means no value, because this thread-local has no initial value. */
    private boolean isPlain() {
        Class<?> type = local.getClass();
        return type == ThreadLocal.class || type == InheritableThreadLocal.class;
    }

    @Override
    public String toString() {
        return RecordText.of("ThreadLocalPropagator", "local", local);
    }
}
