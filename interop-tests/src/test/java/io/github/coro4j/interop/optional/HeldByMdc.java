package io.github.coro4j.interop.optional;

import io.github.coro4j.interop.context.Held;
import org.slf4j.MDC;

/** An entry of the MDC. */
final class HeldByMdc implements Held {
    @Override
    public String get() {
        return MDC.get("tenant");
    }

    @Override
    public void set(String text) {
        if (text == null) {
            MDC.remove("tenant");
        } else {
            MDC.put("tenant", text);
        }
    }

    @Override
    public String toString() {
        return "MDC";
    }
}
