package io.github.coro4j.bridges;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Propagates the current {@code Context} of OpenTelemetry, and with it span and baggage: a span that a body starts is a child
 * of the one in which its task was started. Found as a service; not in use where OpenTelemetry is missing. Needs {@code
 * opentelemetry-context} alone.
 *
 * <p>A body that makes another context current and does not close the scope of it leaves nothing behind on its thread.
 */
public final class OpenTelemetryPropagator extends OptionalPropagator {

    /** Makes one; all are equal. */
    public OpenTelemetryPropagator() {}

    @Override
    boolean hasSomethingToPropagate() {
        return Linked.isThere();
    }

    @Override
    public Object capture() {
        return Linked.current();
    }

    @Override
    public Installed install(@Nullable Object captured) {
        return Linked.install(Objects.requireNonNull(captured, "captured"));
    }

    private static final class Linked {
        /** Names the class without starting the library, which may yet be told how to keep contexts. */
        static boolean isThere() {
            return Context.class.isInterface();
        }

        static Object current() {
            return Context.current();
        }

        static Installed install(Object captured) {
            Context before = Context.current();
            Scope scope = ((Context) captured).makeCurrent();
            return () -> {
                scope.close();
                // It does nothing where a body has left another context current; and that of the
                // root, or of an equal context, has nothing to close.
                if (Context.current() != before) {
                    before.makeCurrent();
                }
            };
        }
    }
}
