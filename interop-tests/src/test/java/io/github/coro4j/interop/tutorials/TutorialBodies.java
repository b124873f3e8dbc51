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
 * <p>Different from asyncio: bodies run in parallel, and no order of starting is promised. Where the tutorial prints who
 * starts, in order, the tests assert who has started.
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

    /** As Python's: from 0 to before the end. */
    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** The values for {@link #taskCoro}. */
    List<Integer> values() {
        return range(count);
    }

    int taskCoro(int value) throws InterruptedException {
        trail.add(">task " + value + " executing");
        missing.countDown();
        missing.await();
        return value * 10;
    }

    /** Asserts the whole trail: some lines of main's, each body's line in any order, then main's other lines. */
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
