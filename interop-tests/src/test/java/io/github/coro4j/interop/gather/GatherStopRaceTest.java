package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Partition;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group that is cancelled while it makes its children misses no child, and counts none twice. */
@Timeout(120)
class GatherStopRaceTest {
    private static final int ROUNDS = 300;
    private static final List<Integer> MANY = IntStream.range(0, 100_000).boxed().toList();

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Starts a group that makes its children one after the other, as long as their bodies return. */
    private enum Growing {
        LIMIT {
            @Override
            Future<?> start(TaskScope scope, Round round) {
                return scope.gather(MANY, i -> round.body()).concurrency(2).settled();
            }
        },
        ITEMS {
            @Override
            Future<?> start(TaskScope scope, Round round) {
                Iterable<Integer> endless = () -> Stream.iterate(0, i -> round.item()).iterator();
                return scope.gather(endless, i -> round.body()).concurrency(2).settled();
            }
        },
        HEDGE {
            @Override
            Future<?> start(TaskScope scope, Round round) {
                return scope.hedge(
                        MANY.size(),
                        Duration.ofHours(1),
                        i -> {
                            round.body();
                            throw new IOException("the next one");
                        });
            }
        },
        TOGETHER {
            @Override
            Future<?> start(TaskScope scope, Round round) {
                return scope.gather(MANY.subList(0, 1_000), i -> round.body()).settled();
            }
        };

        abstract Future<?> start(TaskScope scope, Round round);
    }

    /** The bodies of a round. A body that begins after the cancel was announced blocks until it is interrupted. */
    private static final class Round {
        final CountDownLatch begun = new CountDownLatch(20);
        private final Gate never = new Gate();
        private volatile boolean isStopping;

        int body() throws InterruptedException {
            begun.countDown();
            if (isStopping) {
                never.pass();
            }
            return 1;
        }

        int item() {
            try {
                return body();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 1;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(20)
    void aChildThatIsMadeDuringTheCancelIsCancelledToo(Growing growing) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Round round = new Round();
            try (TaskScope scope = leaks.open("race")) {
                Future<?> group = growing.start(scope, round);
                round.begun.await();
                round.isStopping = true;
                group.cancelAndJoin("race");
            }
            leaks.takeReports(); // no code reads the failures of a hedge
        }
    }

    // until(...) shows children that have not begun, while another thread takes the last of them.
    @Test
    @Rule(18)
    void noItemIsLostWhenOneThreadShowsItAndAnotherStartsIt() throws InterruptedException {
        Random random = new Random(1);
        try (TaskScope scope = leaks.open("race")) {
            for (int round = 0; round < 20 * ROUNDS; round++) {
                CyclicBarrier both = new CyclicBarrier(2);
                AtomicInteger begun = new AtomicInteger();
                int spins = random.nextInt(300);
                Future<Partition<Integer>> group =
                        scope.gather(
                                        List.of(0, 1, 2),
                                        i -> {
                                            begun.incrementAndGet();
                                            if (i < 2) {
                                                both.await();
                                            }
                                            for (int k = 0; i == 1 && k < spins; k++) {
                                                Thread.onSpinWait();
                                            }
                                            return i;
                                        })
                                .concurrency(2)
                                .until(When.FIRST_DONE);
                Partition<Integer> parts = group.join();
                assertEquals(3, parts.done().size() + parts.pending().size(), "round " + round);
                scope.join();
                assertEquals(3, begun.get(), "round " + round);
            }
        }
    }

    // until(...) shows children that have not begun, so all exist when the group is cancelled.
    @Test
    @Rule(20)
    void aGroupThatShowsItsQueuedChildrenEndsWithItsLastRunningChild() {
        ForkJoinPool one = new ForkJoinPool(1);
        Gate begun = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("one", one)) {
            Future<?> group =
                    scope.gather(
                                    List.of(1, 2, 3, 4, 5),
                                    i -> {
                                        begun.open();
                                        return Bodies.cleaningUp(new Gate(), cleanUp, trail).call();
                                    })
                            .until(When.ALL_DONE);
            begun.passUninterruptibly();
            group.cancel("enough");
            assertFalse(group.isDone(), "the first child still cleans up");
            cleanUp.open();
            group.joinOutcome();
            assertTrue(group.isCancelled());
        } finally {
            one.shutdown();
        }
    }
}
