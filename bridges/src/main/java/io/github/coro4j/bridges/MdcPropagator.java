package io.github.coro4j.bridges;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * Propagates the {@code MDC} of SLF4J. Each body and callback gets a copy of the map of the thread that started or
 * added it. What the body or callback puts into the map is removed afterwards. {@link java.util.ServiceLoader} finds
 * this propagator. It is left out if SLF4J is absent, or has no backend with an MDC.
 *
 * <p>The stacks of {@code MDC.pushByKey} are not propagated, because SLF4J cannot list them. If nothing was logged
 * before, the first use of Coro4j starts SLF4J, because the propagator asks for its backend.
 */
public final class MdcPropagator extends OptionalPropagator {

    /** Creates a propagator. All are equal. */
    public MdcPropagator() {}

    @Override
    boolean hasSomethingToPropagate() {
        return Linked.hasBackend();
    }

    @Override
    public @Nullable Object capture() {
        return Linked.map();
    }

    @Override
    @SuppressWarnings("unchecked") // what map() has returned
    public Installed install(@Nullable Object captured) {
        Map<String, String> before = Linked.map();
        Linked.put((Map<String, String>) captured);
        return () -> Linked.put(before);
    }

    private static final class Linked {
        static boolean hasBackend() {
            return !(MDC.getMDCAdapter() instanceof NOPMDCAdapter);
        }

        /** Returns a copy, or null if the map is empty. */
        static @Nullable Map<String, String> map() {
            Map<String, String> map = MDC.getCopyOfContextMap();
            return map == null || map.isEmpty() ? null : map;
        }

        static void put(@Nullable Map<String, String> map) {
            if (map == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(map); // copies it
            }
        }
    }
}
