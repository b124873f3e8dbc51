package io.github.coro4j.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code StructuredTaskScope}, a preview of JDK 25. Its class is compiled apart, for that JDK alone, and is only there when
 * the profile {@code on25} has built this: see {@link #isHere()}.
 */
interface Structured {
    /** Apart from the interface, whose own initialization comes with {@link #isHere()}. */
    final class Loaded {
        static final Structured INSTANCE = load();

        private Loaded() {}
    }

    List<Integer> gather(List<Callable<Integer>> bodies) throws InterruptedException;

    /** The failure that comes out once the others have been cancelled, and have ended. */
    Throwable failFast(List<Callable<Integer>> bodies) throws InterruptedException;

    /** What the body of a scope with this one body returns. */
    int request(Callable<Integer> body) throws InterruptedException;

    /** Opens a scope and closes it. */
    int emptyScope(int value);

    static boolean isHere() {
        return Runtime.version().feature() == 25
                && Structured.class.getResource("StructuredOn25.class") != null;
    }

    private static Structured load() {
        try {
            return (Structured)
                    Class.forName("io.github.coro4j.benchmarks.StructuredOn25")
                            .getDeclaredConstructor()
                            .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "structuredTaskScope needs a JDK 25, and to be built with -Pbenchmarks,on25",
                    e);
        }
    }
}
