package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * The task bodies of the tutorial on gather. Each adds a line to the trail. None ends before all have started, so a
 * gather that ran them one after another would hang.
 *
 * <p>Different from asyncio, bodies run in parallel and may start in any order. The tutorial prints in order which
 * tasks start; the tests assert which have started.
 */
final class TutorialBodies {
    private final Trail trail;
    private final int count;
    private final CountDownLatch missing;

    TutorialBodies(Trail trail, int count) {
        this.trail = trail;
        this.count = count;
        this.missing = new CountDownLatch(count);
    }

    /** Returns the numbers from 0 up to the end, which is excluded, as Python's {@code range} does. */
    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** Returns the values for {@link #taskCoro}. */
    List<Integer> values() {
        return range(count);
    }

    int taskCoro(int value) throws InterruptedException {
        trail.add(">task " + value + " executing");
        missing.countDown();
        missing.await();
        return value * 10;
    }

    /** Asserts the whole trail: some lines of main, the line of each body in any order, then other lines of main. */
    void assertTrail(List<String> before, String... after) {
        List<String> expected = new ArrayList<>(before);
        values().forEach(value -> expected.add(">task " + value + " executing"));
        expected.addAll(List.of(after));
        List<String> steps = new ArrayList<>(trail.steps());
        if (steps.size() == expected.size()) {
            steps.subList(before.size(), before.size() + count).sort(null);
        }
        assertEquals(expected, steps);
    }
}
