package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example and the answers of the tutorial "Asyncio gather() Return Values", SuperFastPython. */
class GatherReturnValuesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final List<Gate> gates = Stream.generate(Gate::new).limit(5).toList();

    private int taskCoro(int value) throws InterruptedException {
        gates.get(value).pass();
        return value * 100;
    }

    @Test
    void gatherReturnValues() {
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    trail.add("Main starting");
                    Future<List<Integer>> group =
                            scope.gather(List.of(0, 1, 2, 3, 4), this::taskCoro).all();
                    gates.forEach(Gate::open);
                    List<Integer> results = group.join();
                    results.forEach(trail::add);
                    trail.add("Main done");
                    return null;
                });

        trail.assertSteps("Main starting", 0, 100, 200, 300, 400, "Main done");
    }

    // "What if coroutines don't return values?"
    @Test
    void aBodyWithoutAValueGivesNullAtItsPlace() {
        try (TaskScope scope = leaks.open("main")) {
            List<Callable<Object>> bodies = List.of(() -> 1, () -> null, () -> 3);
            assertEquals(Arrays.asList(1, null, 3), scope.gather(bodies).all().join());
        }
    }

    // "Are return values provided as coroutines complete?"
    @Test
    void theListIsAvailableOnceAllAreDoneAlsoFromResult() {
        try (TaskScope scope = leaks.open("main")) {
            List<Task<Integer>> tasks =
                    Stream.of(0, 1, 2).map(i -> scope.start(() -> taskCoro(i))).toList();
            Future<List<Integer>> group = Gather.of(tasks).all();
            for (int i = 2; i > 0; i--) {
                gates.get(i).open();
                tasks.get(i).join();
                assertFalse(group.isDone());
                assertThrows(IllegalStateException.class, group::result);
            }
            gates.get(0).open();
            assertEquals(List.of(0, 100, 200), group.join());
            assertTrue(group.isDone());
            assertEquals(List.of(0, 100, 200), group.result());
        }
    }
}
