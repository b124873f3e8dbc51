package io.github.coro4j.interop.testing;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Objects that a test has dropped, held weakly, each with a name for the message. What makes and drops them stands in a
 * method of its own, so that no frame of the test keeps them.
 */
public final class DroppedObjects {
    /** Far above what it takes to collect anything; it only gives a hang a message with names in it. */
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Part(String name, WeakReference<Object> object) {}

    private final List<Part> parts = new ArrayList<>();

    /** Remembers the object weakly, and returns it. */
    public synchronized <T> T add(String name, T object) {
        parts.add(new Part(name, new WeakReference<>(object)));
        return object;
    }

    /** An object that nothing but what the test gives it to can hold. */
    public Object object(String name) {
        return add(name, new Object());
    }

    /** Collects garbage until all are gone; fails with the names of those that stay. */
    public void awaitCollected() {
        awaitCollected(() -> {});
    }

    /** As above, and does something before each collection. */
    public void awaitCollected(Runnable meanwhile) {
        long start = System.nanoTime();
        while (!left().isEmpty()) {
            if (System.nanoTime() - start > GUARD_NANOS) {
                throw new AssertionError("still reachable: " + left());
            }
            meanwhile.run();
            System.gc();
        }
    }

    /** What can still be reached, after some collections that would have taken what cannot. */
    public List<String> leftAfterCollecting() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return left();
    }

    private synchronized List<String> left() {
        parts.removeIf(part -> part.object().get() == null);
        return parts.stream().map(Part::name).toList();
    }
}
