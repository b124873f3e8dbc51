package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.ProgressListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A group keeps no child that a loop has taken, and once it has ended, none of its items and no listener. */
@Timeout(300)
class GatherKeepsNothingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private enum Kind {
        DEFAULT,
        POOL,
        LIMIT
    }

    @ParameterizedTest
    @EnumSource
    void childrenThatALoopHasTakenAreCollectedWhileOthersRun(Kind kind) {
        DroppedObjects dropped = new DroppedObjects();
        Gate gate = new Gate();
        ForkJoinPool pool = new ForkJoinPool(2);
        try (TaskScope scope =
                kind == Kind.POOL ? leaks.open("scope", pool) : leaks.open("scope")) {
            Iterator<Future<Object>> ends = take(kind, scope, gate, dropped);
            dropped.awaitCollected();
            gate.open();
            assertEquals("last", ends.next().join());
        } finally {
            pool.shutdown();
        }
    }

    private static Iterator<Future<Object>> take(
            Kind kind, TaskScope scope, Gate gate, DroppedObjects dropped) {
        Gather<Object> plan =
                scope.gather(
                        List.of(0, 1, 2, 3),
                        i -> {
                            if (i < 3) {
                                return dropped.object("the result of " + i);
                            }
                            gate.pass();
                            return "last";
                        });
        Iterator<Future<Object>> ends =
                (kind == Kind.LIMIT ? plan.concurrency(2) : plan).asCompleted().iterator();
        for (int i = 0; i < 3; i++) {
            dropped.add("child " + i, ends.next()).join();
        }
        return ends;
    }

    @Test
    void unusedItemsAndTheListenerAreCollectedOnceTheGroupHasEnded() {
        DroppedObjects dropped = new DroppedObjects();
        ForkJoinPool one = new ForkJoinPool(1);
        try (TaskScope scope = leaks.open("scope", one)) {
            Future<Object> first = first(scope, dropped);
            dropped.awaitCollected();
            assertEquals("first", first.join());
        } finally {
            one.shutdown();
        }
    }

    private static Future<Object> first(TaskScope scope, DroppedObjects dropped) {
        List<Object> items =
                IntStream.range(0, 10)
                        .mapToObj(i -> i == 0 ? "first" : dropped.object("item " + i))
                        .toList();
        Object held = dropped.object("what the listener held");
        ProgressListener listener = progress -> assertTrue(held != progress);
        Future<Object> first =
                scope.gather(items, item -> item)
                        .onProgress(dropped.add("listener", listener))
                        .firstSuccess();
        first.join();
        return first;
    }
}
