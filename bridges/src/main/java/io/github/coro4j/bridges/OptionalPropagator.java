package io.github.coro4j.bridges;

import io.github.coro4j.ContextPropagator;

/**
 * A propagator for a library that may be absent. No signature of a subclass names a type of that library. The code that
 * uses the library is in a nested class, which the JVM links when it is first used. So the JVM can load, create and ask
 * the subclass without the library.
 */
abstract class OptionalPropagator implements ContextPropagator {

    @Override
    public final boolean isAvailable() {
        try {
            return hasSomethingToPropagate();
        } catch (NoClassDefFoundError e) {
            // The library is absent. The caller gets any other error, which is the library's own.
            return false;
        }
    }

    /**
     * Returns whether there is something to propagate. It uses a class of the library, and so throws if that is absent.
     */
    abstract boolean hasSomethingToPropagate();

    /** Returns true for the same class, so that a scope has once what is passed to it and found as a service. */
    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public final int hashCode() {
        return getClass().hashCode();
    }
}
