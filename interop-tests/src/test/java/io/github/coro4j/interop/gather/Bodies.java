package io.github.coro4j.interop.gather;

import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.Callable;

/** Makes the bodies that the tests of groups use. */
final class Bodies {
    private Bodies() {}

    /** Makes a body that returns when the gate opens; a cancel ends it at once. */
    static Callable<String> returning(String value, Gate gate) {
        return () -> {
            gate.pass();
            return value;
        };
    }

    /** Makes a body that throws when the gate opens; a cancel ends it at once. */
    static Callable<String> throwing(Throwable failure, Gate gate) {
        return () -> {
            gate.pass();
            throw asException(failure);
        };
    }

    /** Makes a body that blocks until it is cancelled, and then cleans up until the gate opens. */
    static Callable<String> cleaningUp(Gate never, Gate cleanUp, Trail trail) {
        return new SlowCleanUp(never, cleanUp).then(() -> trail.add("cleaned up"));
    }

    /** Makes a body that blocks until it is cancelled, and then fails to clean up. */
    static Callable<String> failingToCleanUp(Throwable failure, Gate never) {
        return () -> {
            try {
                never.pass();
                return "never";
            } catch (InterruptedException e) {
                throw asException(failure);
            }
        };
    }

    /** Makes a body that blocks until it is cancelled, waits for the gate, and returns in spite of the cancel. */
    static Callable<String> stubborn(Gate never, Gate gate) {
        return () -> {
            try {
                never.pass();
                return "never";
            } catch (InterruptedException e) {
                gate.passUninterruptibly();
                return "anyway";
            }
        };
    }

    private static Exception asException(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }
}
