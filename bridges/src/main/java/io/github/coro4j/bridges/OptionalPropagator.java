package io.github.coro4j.bridges;

import io.github.coro4j.ContextPropagator;

/**
 * A propagator of what a library holds that is perhaps not there. No signature of a subclass names a type of that library,
 * and its code is in a nested class, which the JVM links when it is first used: so the subclass can be loaded, made and
 * asked without it.
 */
abstract class OptionalPropagator implements ContextPropagator {

    @Override
    public final boolean isAvailable() {
        try {
            return hasSomethingToPropagate();
        } catch (NoClassDefFoundError e) {
            // The library is not there. An error of the library itself is not one of these, and is
            // the caller's.
            return false;
        }
    }

    /** Uses a class of the library. */
    abstract boolean hasSomethingToPropagate();

    /** A propagator given to a scope equals one that was found as a service, so a scope has it once. */
    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }
}
