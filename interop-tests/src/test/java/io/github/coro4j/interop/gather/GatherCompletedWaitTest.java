package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop over {@code asCompleted()} waits for the next child, which an interrupt or a deadlock ends. */
@Timeout(120)
class GatherCompletedWaitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Promise<String> a = Promise.create();

    @Test
    void severalThreadsShareTheChildren() throws InterruptedException {
        for (int round = 0; round < 30; round++) {
            int size = 200;
            Set<Integer> seen = Collections.synchronizedSet(new HashSet<>());
            List<Integer> twice = Collections.synchronizedList(new ArrayList<>());
            ExecutorService consumers = Executors.newFixedThreadPool(4);
            try (TaskScope scope = leaks.open("scope")) {
                Iterable<Future<Integer>> ends =
                        scope.gather(IntStream.range(0, size).boxed().toList(), i -> i)
                                .concurrency(1 + round % 3 * 100)
                                .asCompleted();
                for (int i = 0; i < 4; i++) {
                    consumers.execute(
                            () -> {
                                for (Future<Integer> each : ends) {
                                    if (!seen.add(each.result())) {
                                        twice.add(each.result());
                                    }
                                }
                            });
                }
                consumers.shutdown();
                assertTrue(consumers.awaitTermination(1, TimeUnit.MINUTES));
            }
            assertEquals(size, seen.size());
            assertEquals(List.of(), twice);
        }
    }

    @Test
    @Rule(9)
    void anInterruptEndsTheWaitForTheNextChild() throws InterruptedException {
        Iterator<Future<String>> ends =
                Gather.<String>of(a).named("pages").asCompleted().iterator();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Gate gate = new Gate();
        Thread waiter =
                new Thread(
                        () -> {
                            Thread.currentThread().interrupt();
                            try {
                                ends.next();
                            } catch (WaitInterruptedException e) {
                                thrown.add(e);
                            }
                            gate.passUninterruptibly();
                        },
                        "waiter");
        gate.open();
        waiter.start();
        waiter.join();
        String message = thrown.get(0).getMessage();
        assertTrue(
                message.contains(
                        "thread \"waiter\" was interrupted while it waited for the next child of gather \"pages\""),
                message);
        assertFalse(a.isDone());
        a.complete("a");
        assertSame(a, ends.next(), "the interrupt loses no child");
    }

    @Test
    @Rule(25)
    void oneThreadIsEnoughForTheLoopAndTheBodies() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (TaskScope scope = leaks.open("one", one)) {
            int sum =
                    scope.start(
                                    () -> {
                                        int total = 0;
                                        for (Future<Integer> each :
                                                scope.gather(List.of(1, 2, 3), i -> i)
                                                        .asCompleted()) {
                                            total += each.join();
                                        }
                                        return total;
                                    })
                            .join();
            assertEquals(6, sum);
        } finally {
            one.shutdown();
        }
    }

    @Test
    @Rule(25)
    void aTaskThatWaitsForItselfGetsADeadlockExceptionAfterTheOtherChildren() {
        try (TaskScope scope = leaks.open("scope")) {
            Gate started = new Gate();
            List<Task<?>> tasks = Collections.synchronizedList(new ArrayList<>());
            Task<String> other = scope.start("other", () -> "other");
            Task<Integer> self =
                    scope.start(
                            "self",
                            () -> {
                                started.pass();
                                int seen = 0;
                                for (Future<?> each :
                                        Gather.<Object>of(List.of(tasks.get(0), tasks.get(1)))
                                                .asCompleted()) {
                                    assertSame(other, each);
                                    seen++;
                                }
                                return seen;
                            });
            tasks.add(self);
            tasks.add(other);
            other.join();
            started.open();
            Throwable circle = assertThrows(CompletionException.class, self::join).getCause();
            assertTrue(circle instanceof DeadlockException, circle.toString());
        }
    }

    // The threads of this pool report several ends to a group together.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Rule(25)
    void theLastChildGetsADeadlockExceptionIfItWaitsForTheNext(int threads) {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try (TaskScope scope = leaks.open("pool", pool)) {
            Promise<Iterable<Future<String>>> all = Promise.create();
            Promise<String> promised = Promise.create();
            ThrowingFunction<Integer, String> body =
                    i -> {
                        if (i != 4) return "others";
                        Executable takeAll = () -> all.join().forEach(each -> {});
                        promised.complete(
                                assertThrows(DeadlockException.class, takeAll).getMessage());
                        return "last";
                    };
            all.complete(scope.gather(List.of(1, 2, 3, 4), body).named("four").asCompleted());
            String circle = promised.join();
            assertTrue(
                    circle.startsWith(
                            "task \"four[3]\" cannot wait for the next child of gather \"four\""),
                    circle);
            assertEquals("last", all.join().iterator().next().join());
        } finally {
            pool.shutdown();
        }
    }
}
