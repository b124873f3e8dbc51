package io.github.coro4j.bridges;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Propagates the current {@code Context} of OpenTelemetry, with its span and baggage. So a span that a body starts is a
 * child of the span in which its task was started. {@link java.util.ServiceLoader} finds this propagator. It is left
 * out if {@code opentelemetry-context} is absent, which is all it needs.
 *
 * <p>If a body makes another context current and does not close its scope, nothing of it stays on the thread.
 */
public final class OpenTelemetryPropagator extends OptionalPropagator {

    /** Creates a propagator. All are equal. */
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
        /**
         * Uses the class without initializing the library, because the user may still configure how it stores contexts.
         */
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
                // This close does nothing if a body has left another context current, or if the
                // scope is that of the root or of an equal context.
                if (Context.current() != before) {
                    before.makeCurrent();
                }
            };
        }
    }
}
