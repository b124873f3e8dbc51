package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R25: on a single thread, a body that waits for a group runs the bodies of the children. */
class OneThreadGatherTest extends OnOneThread {
    @Test
    @Rule(25)
    void aBodyMayWaitForMany() {
        try (TaskScope scope = open()) {
            Task<Integer> outer =
                    scope.start(
                            "outer",
                            () -> {
                                List<Task<Integer>> children = new ArrayList<>();
                                for (int i = 0; i < 100; i++) {
                                    int value = i;
                                    children.add(Task.start(() -> value));
                                }
                                int sum = 0;
                                // The loop goes backwards: a body must not wait for others
                                // before it in the queue.
                                for (int i = 99; i >= 0; i--) {
                                    sum += children.get(i).join();
                                }
                                return sum;
                            });
            assertEquals(4_950, outer.join());
        }
    }

    @Test
    @Rule(25)
    void aBodyMayGatherExistingTasks() {
        try (TaskScope scope = open()) {
            Task<List<Integer>> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Task<Integer> a = Task.start(() -> 1);
                                Task<Integer> b = Task.start(() -> Task.start(() -> 2).join());
                                return Gather.of(a, b, a).all().join();
                            });
            assertEquals(List.of(1, 2, 1), outer.join());
        }
    }

    @Test
    @Rule(25)
    void aBodyMayGatherItems() {
        try (TaskScope scope = open()) {
            Task<List<Integer>> outer =
                    scope.start(
                            "outer",
                            () -> scope.gather(List.of(1, 2, 3, 4, 5), i -> i * i).all().join());
            assertEquals(List.of(1, 4, 9, 16, 25), outer.join());
        }
    }

    // Bodies without a permit have no task in the queue yet.
    @Test
    @Rule(22)
    void aBodyMayGatherItemsWithALimit() {
        try (TaskScope scope = open()) {
            for (int limit = 1; limit <= 3; limit++) {
                int atOnce = limit;
                Task<List<Integer>> outer =
                        scope.start(
                                "outer",
                                () ->
                                        scope.gather(List.of(1, 2, 3, 4, 5), i -> i * i)
                                                .concurrency(atOnce)
                                                .all()
                                                .join());
                assertEquals(List.of(1, 4, 9, 16, 25), outer.join());
            }
        }
    }

    @Test
    @Rule(25)
    void aBodyMayGatherGroups() {
        try (TaskScope scope = open()) {
            Task<List<Outcome<List<Integer>>>> outer =
                    scope.start(
                            "outer",
                            () -> {
                                Future<List<Integer>> inner =
                                        scope.gather(List.of(1, 2), i -> i * i).all();
                                return Gather.of(inner).settled().join();
                            });
            assertEquals(List.of(1, 4), outer.join().get(0).valueOrThrow());
        }
    }
}
