package io.github.coro4j.interop.testing;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Weak references to objects that a test has dropped, each with a name for the message. A test creates and drops them in a
 * method of its own, so that no frame of the test keeps them.
 */
public final class DroppedObjects {
    /** Far above the time of a collection. It only gives a hang a message that names the objects. */
    private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Part(String name, WeakReference<Object> object) {}

    private final List<Part> parts = new ArrayList<>();

    /** Remembers the object weakly, and returns it. */
    public synchronized <T> T add(String name, T object) {
        parts.add(new Part(name, new WeakReference<>(object)));
        return object;
    }

    /** Returns a new object. Only code that gets it from the test can keep it. */
    public Object object(String name) {
        return add(name, new Object());
    }

    /** Collects garbage until all objects are gone, and fails with the names of the objects that stay. */
    public void awaitCollected() {
        awaitCollected(() -> {});
    }

    /** Does the same, and runs the given code before each collection. */
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

    /** Returns the names of the objects that are still reachable after some collections. */
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
