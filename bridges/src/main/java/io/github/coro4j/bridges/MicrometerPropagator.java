package io.github.coro4j.bridges;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Propagates what Micrometer's {@code context-propagation} knows: a {@code ContextSnapshot} of all thread-locals in the
 * {@code ContextRegistry}, such as the current {@code Observation}. A thread-local without a value in the snapshot is
 * cleared while the body runs. {@link java.util.ServiceLoader} finds this propagator. It is left out if
 * {@code context-propagation} is absent.
 */
public final class MicrometerPropagator extends OptionalPropagator {

    /** Creates a propagator. All are equal. */
    public MicrometerPropagator() {}

    @Override
    boolean hasSomethingToPropagate() {
        return Linked.isThere();
    }

    @Override
    public Object capture() {
        return Linked.FACTORY.captureAll();
    }

    @Override
    public Installed install(@Nullable Object captured) {
        return Linked.install(Objects.requireNonNull(captured, "captured"));
    }

    private static final class Linked {
        /** Uses the registry of the JVM, so that what is registered later is propagated too. */
        static final ContextSnapshotFactory FACTORY =
                ContextSnapshotFactory.builder().clearMissing(true).build();

        static boolean isThere() {
            return FACTORY != null;
        }

        static Installed install(Object captured) {
            return ((ContextSnapshot) captured).setThreadLocals()::close;
        }
    }
}
