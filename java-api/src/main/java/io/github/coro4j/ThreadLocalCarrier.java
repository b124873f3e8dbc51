package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/** As {@link ContextCarrier#of} says. Equal where the thread-local is the same, so that a scope has it once. */
record ThreadLocalCarrier<T>(ThreadLocal<@Nullable T> local) implements ContextCarrier {

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

    /** Without a value it gives null: none and null are the same. Others would make an initial value. */
    private boolean isPlain() {
        Class<?> type = local.getClass();
        return type == ThreadLocal.class || type == InheritableThreadLocal.class;
    }
}
