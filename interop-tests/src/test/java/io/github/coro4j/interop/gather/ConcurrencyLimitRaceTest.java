package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shared limit holds, and loses no permit, whatever is cancelled at the same time. */
@Timeout(300)
class ConcurrencyLimitRaceTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Rule(22)
    void noPermitIsLostOrGivenTwice(long seed) throws Exception {
        Random random = new Random(seed);
        ExecutorService pool = Executors.newFixedThreadPool(3);
        for (int round = 0; round < 300; round++) {
            ConcurrencyLimit limit = ConcurrencyLimit.of(1 + random.nextInt(3));
            AtMost running = new AtMost();
            List<Future<?>> started = new ArrayList<>();
            try (TaskScope own = leaks.open("own");
                    TaskScope other = leaks.open("other", pool)) {
                for (int i = 0; i < 8; i++) {
                    TaskScope scope = random.nextBoolean() ? own : other;
                    started.add(start(scope, limit, running, random));
                }
                for (Future<?> each : started) {
                    if (random.nextInt(3) == 0) {
                        each.cancel("not wanted");
                    }
                }
                if (random.nextInt(4) == 0) {
                    other.cancel("not wanted");
                }
                if (random.nextInt(4) != 0) {
                    own.join();
                    other.join();
                }
            }
            for (Future<?> each : started) {
                assertTrue(each.isDone(), each::toString);
            }
            while (limit.inUse() != 0) {
                Thread.onSpinWait();
            }
            assertEquals(0, limit.queued());
            assertTrue(running.most() <= limit.capacity(), running.most() + " at once");
        }
        pool.shutdown();
    }

    private static Future<?> start(
            TaskScope scope, ConcurrencyLimit limit, AtMost running, Random random) {
        int size = 1 + random.nextInt(6);
        List<Integer> items = IntStream.range(0, size).boxed().toList();
        return switch (random.nextInt(4)) {
            case 0 -> limit.start(scope, () -> run(running));
            case 1 -> scope.gather(items, i -> run(running)).concurrency(limit).all();
            case 2 ->
                    scope.gather(() -> items.iterator(), i -> run(running))
                            .concurrency(limit)
                            .settled();
            default ->
                    scope.gather(items, i -> run(running))
                            .concurrency(limit)
                            .concurrency(2)
                            .firstDone();
        };
    }

    private static int run(AtMost running) {
        running.enter();
        try {
            Thread.onSpinWait();
            return 1;
        } finally {
            running.leave();
        }
    }
}
