package io.github.coro4j.bridges;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * Propagates the {@code MDC} of SLF4J: each body and callback has a copy of the map of the thread that started or added it,
 * and what it puts there is gone with it. Found as a service; not in use where SLF4J is missing, or has no backend with an
 * MDC. The stacks of {@code MDC.pushByKey} stay with their thread: SLF4J cannot list them.
 *
 * <p>To ask SLF4J for its backend is to start it: with the first use of Coro4j, if nothing was logged before.
 */
public final class MdcPropagator extends OptionalPropagator {

    /** Makes one; all are equal. */
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

        /** A copy; null if there is nothing in it. */
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
