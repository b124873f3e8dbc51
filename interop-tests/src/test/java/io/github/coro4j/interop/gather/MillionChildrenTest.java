package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Groups of a million children end, whatever the order in which the children end. A group would take far too long if it
 * walked over all children at each end, and overflow the stack if it went one frame deeper for each.
 */
@Timeout(300)
@Tag("large")
class MillionChildrenTest {
    private static final int SIZE = 1_000_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private enum Order {
        FORWARDS,
        BACKWARDS,
        RANDOM;

        List<Integer> indices() {
            List<Integer> indices = new ArrayList<>(IntStream.range(0, SIZE).boxed().toList());
            switch (this) {
                case FORWARDS -> {}
                case BACKWARDS -> Collections.reverse(indices);
                case RANDOM -> Collections.shuffle(indices, new Random(1));
            }
            return indices;
        }
    }

    /** A policy, and how many of a million successes its end shows. */
    private enum Kind {
        ALL(Gather::all, SIZE),
        FAIL_FAST(Gather::failFast, SIZE),
        SETTLED(Gather::settled, SIZE),
        FIRST_SUCCESS(Gather::firstSuccess, 1),
        FIRST_DONE(Gather::firstDone, 1),
        AT_LEAST(plan -> plan.atLeast(SIZE / 2), SIZE / 2),
        UNTIL(plan -> plan.until(When.ALL_DONE), SIZE),
        BY(plan -> plan.using(Counting::new), SIZE),
        PROGRESS(plan -> plan.onProgress(progress -> {}).all(), SIZE),
        TIMEOUT(plan -> plan.timeout(java.time.Duration.ofHours(1)).settled(), SIZE);

        final Function<Gather<Integer>, Future<?>> start;
        final int shown;

        Kind(Function<Gather<Integer>, Future<?>> start, int shown) {
            this.start = start;
            this.shown = shown;
        }
    }

    private static final class Counting implements GatherPolicy<Integer, Integer> {
        private int count;

        @Override
        public Decision ended(int index, Outcome<Integer> outcome) {
            count++;
            return Decision.GO_ON;
        }

        @Override
        public Integer result() {
            return count;
        }
    }

    private static int shown(Object value) {
        if (value instanceof List<?> list) {
            return list.size();
        }
        if (value instanceof Partition<?> parts) {
            return parts.done().size();
        }
        return value instanceof Integer count && count > 1 ? count : 1;
    }

    @ParameterizedTest
    @EnumSource
    void aGroupOfAMillionPromisesEndsInEveryOrder(Kind kind) {
        for (Order order : Order.values()) {
            List<Promise<Integer>> promises = new ArrayList<>(SIZE);
            for (int i = 0; i < SIZE; i++) {
                promises.add(Promise.create());
            }
            Future<?> group = kind.start.apply(Gather.<Integer>of(promises));
            for (int index : order.indices()) {
                promises.get(index).complete(1);
            }
            assertEquals(kind.shown, shown(group.join()), order::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGroupOfAMillionBodiesEnds(Kind kind) {
        List<Integer> items = IntStream.range(0, SIZE).boxed().toList();
        try (TaskScope scope = leaks.open("bodies")) {
            for (int limit : new int[] {8, Integer.MAX_VALUE}) {
                Future<?> group = kind.start.apply(scope.gather(items, i -> 1).concurrency(limit));
                int shown = shown(group.join());
                boolean isQuorum = kind == Kind.AT_LEAST;
                assertTrue(isQuorum ? shown >= kind.shown : shown == kind.shown, "shown " + shown);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLoopOverAMillionChildrenKeepsTheirOrder(Order order) {
        List<Promise<Integer>> promises = new ArrayList<>(SIZE);
        for (int i = 0; i < SIZE; i++) {
            promises.add(Promise.create());
        }
        Iterable<Future<Integer>> ends = Gather.<Integer>of(promises).asCompleted();
        List<Integer> indices = order.indices();
        for (int index : indices) {
            promises.get(index).complete(index);
        }
        int at = 0;
        for (Future<Integer> each : ends) {
            assertEquals(indices.get(at++), each.result());
        }
        assertEquals(SIZE, at);
    }

    /** Each task starts the next, and ends before it. */
    @Test
    void aChainOfTasksThatStartEachOtherEnds() {
        int length = 100_000;
        Promise<Integer> end = Promise.create();
        try (TaskScope scope = leaks.open("chain")) {
            scope.launch(() -> link(length, end));
            assertEquals(length, end.join());
        }
    }

    private static void link(int left, Promise<Integer> end) {
        if (left == 0) {
            end.complete(100_000);
        } else {
            Task.launch(() -> link(left - 1, end));
        }
    }
}
