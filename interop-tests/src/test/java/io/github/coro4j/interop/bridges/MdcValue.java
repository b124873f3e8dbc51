package io.github.coro4j.interop.bridges;

import io.github.coro4j.interop.testing.ThreadValue;
import org.slf4j.MDC;

/** An entry of the MDC. */
final class MdcValue implements ThreadValue {
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
