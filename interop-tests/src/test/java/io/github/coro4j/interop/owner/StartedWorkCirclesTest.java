package io.github.coro4j.interop.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R31: a cancelled task does not wait for what waits for the task itself. */
class StartedWorkCirclesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static final int LENGTH = 100;
    private static final int FLAT_MAPS = 10;

    private final Gate inBody = new Gate();

    private void cancelAndJoin(Task<?> page) {
        inBody.awaitReached();
        assertTrue(page.cancelAndJoin("the user has left").isCancelled());
    }

    @Test
    @Rule(31)
    void futuresDerivedFromTheTaskItself() {
        Promise<Task<String>> itself = Promise.create();
        AtomicReference<Future<?>> flatMap = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<String> page =
                    scope.start(
                            "page",
                            () -> {
                                Task<String> me = itself.join();
                                me.map(String::length);
                                me.recover(failure -> "none");
                                Gather.of(me).all();
                                flatMap.set(
                                        scope.start(() -> 1)
                                                .flatMap(one -> me.map(String::length)));
                                inBody.pass();
                                return "";
                            });
            itself.complete(page);
            cancelAndJoin(page);
            assertTrue(flatMap.get().joinOutcome().isCancelled());
        }
    }

    @Test
    @Rule(31)
    void tasksThatFollowEachOther() {
        Promise<Future<?>> ofTheFirst = Promise.create();
        Promise<Future<?>> ofTheSecond = Promise.create();
        Promise<Task<?>> first = Promise.create();
        Promise<Task<?>> second = Promise.create();
        Gate both = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            first.complete(
                    scope.launch(
                            "first",
                            () -> {
                                ofTheFirst.complete(second.join().map(x -> x));
                                inBody.pass();
                            }));
            second.complete(
                    scope.launch(
                            "second",
                            () -> {
                                ofTheSecond.complete(first.join().map(x -> x));
                                both.pass();
                            }));
            inBody.awaitReached();
            both.awaitReached();
            first.join().cancel("stop");
            second.join().cancel("stop");
            assertTrue(first.join().joinOutcome().isCancelled());
            assertTrue(second.join().joinOutcome().isCancelled());
        }
    }

    // Each task starts the next one and waits for it. One cancel reaches the last.
    @Test
    @Rule(31)
    void chainOfTasks() {
        Trail started = new Trail();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page = scope.launch("0", () -> startNext(scope, started, 1));
            cancelAndJoin(page);
            assertTrue(scope.tasks().isEmpty());
        }
        assertEquals(LENGTH, started.steps().size());
    }

    private void startNext(TaskScope scope, Trail started, int next) throws InterruptedException {
        if (next > LENGTH) {
            inBody.pass();
        } else {
            started.add("" + next);
            scope.launch("" + next, () -> startNext(scope, started, next + 1)).join();
        }
    }

    // Each of two cancelled tasks looks at the flatMaps that it must wait for, which lead to the
    // other task. The two
    // searches must not hold locks.
    @Test
    @Rule({25, 31})
    void flatMapsThatLeadToEachOthersStarter() throws Exception {
        for (int round = 0; round < 50; round++) {
            try (TaskScope scope = leaks.open("app")) {
                List<Promise<Task<String>>> tasks = List.of(Promise.create(), Promise.create());
                CountDownLatch waiting = new CountDownLatch(2 * FLAT_MAPS);
                CountDownLatch go = new CountDownLatch(1);
                for (int each = 0; each < 2; each++) {
                    Promise<Task<String>> other = tasks.get(1 - each);
                    tasks.get(each)
                            .complete(
                                    scope.start(
                                            () -> {
                                                for (int i = 0; i < FLAT_MAPS; i++) {
                                                    flatMapThatWaitsFor(scope, other, waiting);
                                                }
                                                go.await();
                                                return "";
                                            }));
                }
                waiting.await();
                for (Promise<Task<String>> each : tasks) {
                    each.join().cancel(false);
                }
                go.countDown();
                for (Promise<Task<String>> each : tasks) {
                    assertTrue(each.join().joinOutcome().isCancelled());
                }
            }
        }
        leaks.takeReports(); // some of the waits were circles
    }

    private static void flatMapThatWaitsFor(
            TaskScope scope, Promise<Task<String>> other, CountDownLatch waiting) {
        Promise<String> source = Promise.create();
        source.flatMap(
                value ->
                        scope.start(
                                () ->
                                        Task.nonCancellable(
                                                () -> {
                                                    waiting.countDown();
                                                    return other.join().joinOutcome().toString();
                                                })));
        source.complete("");
    }

    // A task that swallows the request, and starts tasks as long as it is not done.
    @Test
    @Rule(31)
    void taskThatStartsTasksForEver_isStopped() {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                while (!Task.current().isCancelling()) {
                                    scope.launch("step", () -> {});
                                    inBody.open();
                                }
                            });
            try {
                inBody.pass();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertTrue(page.cancelAndJoin("stop").isCancelled());
            assertTrue(scope.tasks().isEmpty());
        }
    }
}
