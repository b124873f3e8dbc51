package io.github.coro4j.android;

import org.jspecify.annotations.Nullable;

/** Checks arguments on the thread of the caller, before anything starts. */
final class Arguments {
    private Arguments() {}

    /** Refuses null. The consequence says what did not happen, or what to give instead. */
    static void notNull(@Nullable Object value, String parameter, String consequence) {
        if (value == null) {
            throw new NullPointerException(parameter + " must not be null: " + consequence);
        }
    }
}
