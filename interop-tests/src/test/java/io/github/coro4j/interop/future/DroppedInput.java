package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** The input of a future, which the future must drop once it has ended, and the functions and policies that use it. */
final class DroppedInput {
    static final Duration LONG = Duration.ofMinutes(5);

    private DroppedInput() {}

    static Future<?> ended(Future<?> future) {
        future.joinOutcome();
        return future;
    }

    static Future<?> cancelled(Future<?> future) {
        future.cancelAndJoin("enough");
        return future;
    }

    static Future<Object> failed() {
        return Future.failed(new IllegalStateException("failed"));
    }

    /** Has a method that the tests pass as a function. */
    record Capturing(Object held) {
        Object used(Object given) {
            assertNotNull(held);
            return "used";
        }
    }

    static Capturing capturing(DroppedObjects dropped) {
        return dropped.add("function", new Capturing(dropped.object("captured")));
    }

    static Object use(Object held) {
        assertNotNull(held);
        return "used";
    }

    static List<Object> items(DroppedObjects dropped) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            items.add(dropped.object("item " + i));
        }
        return items;
    }

    static Gather<Object> plan(TaskScope scope, DroppedObjects dropped) {
        return scope.gather(items(dropped), capturing(dropped)::used);
    }

    static Object onPool(DroppedObjects dropped) {
        ForkJoinPool pool = new ForkJoinPool(2);
        try (TaskScope scope = TaskScope.builder().executor(pool).open()) {
            return ended(plan(scope, dropped).all());
        } finally {
            pool.shutdown();
        }
    }

    static List<Future<Object>> futures(DroppedObjects dropped) {
        List<Future<Object>> values = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            values.add(dropped.add("child " + i, Future.completed(dropped.object("value " + i))));
        }
        return values;
    }

    static List<Future<Object>> withFailure(List<Future<Object>> values) {
        values.add(failed());
        return values;
    }

    static final class Direct implements Executor {
        @Override
        public void execute(Runnable command) {
            command.run();
        }
    }

    static final class KeepingNothing implements GatherPolicy<Object, Object> {
        @Override
        public Decision ended(int index, Outcome<Object> outcome) {
            return Decision.GO_ON;
        }

        @Override
        public Object result() {
            return "result";
        }
    }
}
