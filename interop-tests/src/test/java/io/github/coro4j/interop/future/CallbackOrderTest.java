package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks of one future on one executor run in the order in which they were added, one after another. */
@Rule(12)
class CallbackOrderTest {
    // One object, so that its callbacks have one order.
    private static final Executor DIRECT = Runnable::run;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @ValueSource(strings = {"pool", "the scope's", "direct"})
    void callbacksKeepTheirOrderWhileTheFutureIsBeingCompleted(String where) {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (TaskScope scope = leaks.open("order")) {
            Race.rounds(
                    100,
                    (race, random) -> {
                        int count = 50;
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
                        AtomicBoolean running = new AtomicBoolean();
                        AtomicBoolean overlapped = new AtomicBoolean();
                        Gate last = new Gate();
                        race.run(
                                random,
                                () -> {
                                    for (int i = 0; i < count; i++) {
                                        int number = i;
                                        add(
                                                promise,
                                                where,
                                                pool,
                                                () -> {
                                                    overlapped.compareAndSet(
                                                            false, running.getAndSet(true));
                                                    order.add(number);
                                                    running.set(false);
                                                    if (number == count - 1) {
                                                        last.open();
                                                    }
                                                });
                                    }
                                    return null;
                                },
                                () -> promise.complete("value"));
                        last.passUninterruptibly();

                        assertEquals(IntStream.range(0, count).boxed().toList(), order);
                        assertFalse(overlapped.get(), "two callbacks ran at the same time");
                    });
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void callbacksAddedByTwoThreads_keepTheOrderOfEachThread() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (TaskScope scope = leaks.open("order")) {
            Race.rounds(
                    100,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        List<String> order = Collections.synchronizedList(new ArrayList<>());
                        race.run(
                                random,
                                () -> addTwenty(promise, pool, "a", order),
                                () -> addTwenty(promise, pool, "b", order),
                                () -> promise.complete("value"));
                        Gate last = new Gate();
                        promise.addDoneCallback(each -> last.open(), pool);
                        last.passUninterruptibly();

                        for (String adder : List.of("a", "b")) {
                            assertEquals(
                                    IntStream.range(0, 20).mapToObj(i -> adder + i).toList(),
                                    order.stream().filter(step -> step.startsWith(adder)).toList());
                        }
                        assertEquals(40, order.size());
                    });
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void lateCallback_waitsForEarlierCallbacksOfItsExecutor() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (TaskScope scope = leaks.open("order")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<String> task = scope.start(() -> "value");
            task.addDoneCallback(
                    each -> {
                        gate.passUninterruptibly();
                        trail.add("early");
                    },
                    pool);
            gate.awaitReached();

            task.addDoneCallback(each -> trail.add("late"), pool);
            // The pool's second thread is free, because callbacks of other futures run there.
            // The late callback could run there too, but it waits.
            for (int i = 0; i < 100; i++) {
                Gate other = new Gate();
                scope.start(() -> "other").addDoneCallback(each -> other.open(), pool);
                other.passUninterruptibly();
            }
            trail.assertSteps();

            gate.open();
            trail.await("late");
            trail.assertSteps("early", "late");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void executorsDoNotWaitForEachOther() {
        try (OneThreadExecutor one = new OneThreadExecutor("one");
                OneThreadExecutor two = new OneThreadExecutor("two");
                TaskScope scope = leaks.open("order")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Task<String> task = scope.start(() -> "value");
            task.addDoneCallback(
                    each -> {
                        gate.passUninterruptibly();
                        trail.add("one");
                    },
                    one);
            task.addDoneCallback(each -> trail.add("two"), two);
            task.addDoneCallback(each -> trail.add("the scope's"));

            trail.await("two");
            trail.await("the scope's");
            gate.open();
            trail.await("one");
        }
    }

    @Test
    void futuresDoNotWaitForEachOther() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (TaskScope scope = leaks.open("order")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            scope.start(() -> "value")
                    .addDoneCallback(
                            each -> {
                                gate.passUninterruptibly();
                                trail.add("blocked");
                            },
                            pool);
            gate.awaitReached();
            scope.start(() -> "other").addDoneCallback(each -> trail.add("other"), pool);

            trail.await("other");
            gate.open();
            trail.await("blocked");
            trail.assertSteps("other", "blocked");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void callbackAddedByACallback_runsAfterEarlierCallbacks() {
        try (TaskScope scope = leaks.open("order")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Trail trail = new Trail();
            promise.addDoneCallback(
                    each -> {
                        trail.add("first");
                        each.addDoneCallback(again -> trail.add("third"));
                    });
            promise.addDoneCallback(each -> trail.add("second"));

            promise.complete("value");

            trail.await("third");
            trail.assertSteps("first", "second", "third");
        }
    }

    private static void add(Future<String> future, String where, Executor pool, Runnable callback) {
        switch (where) {
            case "pool" -> future.addDoneCallback(each -> callback.run(), pool);
            case "direct" -> future.addDoneCallback(each -> callback.run(), DIRECT);
            default -> future.addDoneCallback(each -> callback.run());
        }
    }

    private static Object addTwenty(
            Future<String> future, Executor executor, String adder, List<String> order) {
        for (int i = 0; i < 20; i++) {
            String step = adder + i;
            future.addDoneCallback(each -> order.add(step), executor);
        }
        return null;
    }
}
