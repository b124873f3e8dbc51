package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads of a user's ForkJoinPool take body after body of a group, and the pool still keeps its promises. */
@Timeout(120)
class WorkerGroupTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static Stream<Named<BiConsumer<ForkJoinPool, Runnable>>> forks() {
        return Stream.of(
                Named.of("execute", ForkJoinPool::execute),
                Named.of("launch", (pool, work) -> Task.launch(work::run)));
    }

    // A worker runs what it has forked before it takes work from outside (R25).
    @ParameterizedTest
    @MethodSource("forks")
    @Rule(25)
    void workThatABodyForksRunsBeforeTheNextBody(BiConsumer<ForkJoinPool, Runnable> fork) {
        for (boolean isFirstInFirstOut : new boolean[] {false, true}) {
            ForkJoinPool pool =
                    new ForkJoinPool(
                            1,
                            ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                            null,
                            isFirstInFirstOut);
            CountDownLatch forked = new CountDownLatch(1);
            try (TaskScope scope = leaks.open("pool", pool)) {
                Future<List<Integer>> group =
                        scope.gather(
                                        List.of(0, 1, 2),
                                        i -> {
                                            if (i == 0) {
                                                fork.accept(pool, forked::countDown);
                                            } else {
                                                forked.await();
                                            }
                                            return i;
                                        })
                                .all();
                assertEquals(List.of(0, 1, 2), group.join());
            } finally {
                pool.shutdown();
            }
        }
    }

    // All groups share the clock thread, so it must not run a thread factory of the user.
    @Test
    void noThreadFactoryRunsOnTheClockThread() {
        AtomicBoolean onTheClock = new AtomicBoolean();
        ForkJoinPool pool =
                new ForkJoinPool(
                        1,
                        given -> {
                            String name = Thread.currentThread().getName();
                            onTheClock.compareAndSet(false, name.equals("coro4j-clock"));
                            return new ForkJoinWorkerThread(given) {};
                        },
                        null,
                        false);
        try (TaskScope scope = leaks.open("pool", pool)) {
            for (int round = 0; round < 20; round++) {
                CountDownLatch forked = new CountDownLatch(1);
                scope.gather(
                                List.of(0, 1, 2),
                                i -> {
                                    if (i == 0) {
                                        pool.execute(forked::countDown);
                                    } else {
                                        forked.await();
                                    }
                                    return i;
                                })
                        .all()
                        .join();
            }
        } finally {
            pool.shutdown();
        }
        assertFalse(onTheClock.get());
    }
}
