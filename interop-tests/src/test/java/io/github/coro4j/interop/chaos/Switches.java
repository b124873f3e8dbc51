package io.github.coro4j.interop.chaos;

/**
 * Switches parts of the random programs on and off. A part that the engine does not support yet is off, until the commit that
 * repairs the engine. {@code -Dchaos.all=true} switches all parts on.
 */
final class Switches {
    private static final boolean ALL = Boolean.getBoolean("chaos.all");

    /** Exceptions with broken methods. */
    static final boolean BROKEN_EXCEPTIONS = isOn("broken", true);

    /** One exception object with which many futures fail. */
    static final boolean SHARED_EXCEPTIONS = isOn("shared", true);

    /** Interrupts that throw. */
    static final boolean BROKEN_INTERRUPTS = isOn("interrupts", true);

    /** Dispatchers that throw or refuse. */
    static final boolean BROKEN_DISPATCHERS = isOn("dispatchers", true);

    /** Coroutines that cancel and await themselves, or each other. */
    static final boolean CIRCLES_OF_COROUTINES = isOn("circles", true);

    /** Views that are read on the callback executor. */
    static final boolean VIEWS_IN_CALLBACKS = isOn("views", true);

    /** Bodies that begin after the job of their scope has ended are wrong. */
    static final boolean LATE_WORK = isOn("late", true);

    /** A task that was cancelled because a scope closed in which it does not live is wrong. */
    static final boolean INNER_SCOPES = isOn("inner", true);

    private Switches() {}

    private static boolean isOn(String name, boolean byDefault) {
        return byDefault || ALL || Boolean.getBoolean("chaos." + name);
    }

    static int weight(boolean isOn, int weight) {
        return isOn ? weight : 0;
    }
}
