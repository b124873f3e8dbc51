package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** Records steps of all threads in order. A test asserts the order and never sleeps. */
public final class Trail {
    private final List<String> steps = new ArrayList<>();

    public synchronized void add(Object step) {
        steps.add(String.valueOf(step));
        notifyAll();
    }

    public synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    /** Waits until the step has been recorded. The time limit of all tests ends a hang. */
    public synchronized void await(Object step) {
        try {
            while (!steps.contains(String.valueOf(step))) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(
                    "interrupted while waiting for " + step + "; so far: " + steps, e);
        }
    }

    public void assertSteps(Object... expected) {
        List<String> texts = new ArrayList<>();
        for (Object each : expected) {
            texts.add(String.valueOf(each));
        }
        assertEquals(texts, steps());
    }
}
