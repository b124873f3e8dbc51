package io.github.coro4j.interop.gather;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.GatherProgress;
import io.github.coro4j.KeyedGather;
import io.github.coro4j.KeyedPartition;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keyed gathers keep their keys, and combinations keep the types of their futures. */
@Timeout(60)
class KeyedGatherTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Promise<Integer> south = Promise.create();
    private final Promise<Integer> north = Promise.create();
    private final Promise<Integer> west = Promise.create();
    private final Map<String, Future<Integer>> children = new LinkedHashMap<>();

    KeyedGatherTest() {
        children.put("south", south);
        children.put("north", north);
        children.put(null, west);
    }

    @Test
    @Rule(18)
    void theKeysKeepTheirOrder() {
        Future<Map<String, Integer>> all = Gather.keyed(children).named("stock").all();
        children.clear();
        west.complete(null);
        north.complete(2);
        south.complete(1);
        Map<String, Integer> stock = all.join();
        assertEquals("{south=1, north=2, null=null}", stock.toString());
        assertThrows(UnsupportedOperationException.class, () -> stock.put("east", 3));
        assertTrue(all.toString().startsWith("Gather \"stock\""), all.toString());
    }

    @Test
    void failFastStopsTheOthers() {
        IOException boom = new IOException("boom");
        Future<?> stock = Gather.keyed(children).failFast();
        north.fail(boom);
        assertSame(boom, assertThrows(CompletionException.class, stock::join).getCause());
        assertTrue(south.isCancelled() && west.isCancelled());
    }

    @Test
    @Rule(16)
    void readingTheMapReadsTheFailuresInIt() {
        for (boolean isRead : new boolean[] {true, false}) {
            Promise<Integer> fails = Promise.create();
            try (TaskScope scope = leaks.open("scope")) {
                Task<Integer> task = scope.start(fails::join);
                Future<Map<String, Outcome<Integer>>> settled =
                        Gather.keyed(Map.of("a", task)).settled();
                Future<?> passedOn = settled.orTimeout(Duration.ofHours(1));
                fails.fail(new IOException("boom"));
                if (isRead) {
                    assertInstanceOf(Outcome.Failure.class, ((Map<?, ?>) passedOn.join()).get("a"));
                } else {
                    while (!passedOn.isDone()) {
                        Thread.onSpinWait();
                    }
                }
            }
            assertEquals(isRead ? 0 : 1, leaks.takeReports().size());
        }
    }

    @Test
    void firstSuccessAndFirstDoneGiveTheKey() {
        Future<Map.Entry<String, Integer>> success = Gather.keyed(children).firstSuccess();
        north.complete(2);
        assertEquals(Map.entry("north", 2), success.join());
        assertTrue(south.isCancelled());
        children.remove("south");
        children.remove(null);
        Future<Map.Entry<String, Outcome<Integer>>> done = Gather.keyed(children).firstDone();
        assertEquals(Map.entry("north", new Outcome.Success<>(2)), done.join());
    }

    @Test
    void aQuorumHasTheKeysOfTheSuccesses() {
        Future<Map<String, Integer>> two = Gather.keyed(children).atLeast(2);
        west.complete(3);
        south.complete(1);
        assertEquals("{south=1, null=3}", two.join().toString());
        assertTrue(north.isCancelled());
        KeyedGather<String, Integer> plan = Gather.keyed(children);
        assertThrows(IllegalArgumentException.class, () -> plan.atLeast(4));
    }

    @Test
    void untilPartitionsTheFutures() {
        Future<KeyedPartition<String, Integer>> first =
                Gather.keyed(children).until(When.FIRST_DONE);
        north.complete(2);
        KeyedPartition<String, Integer> parts = first.join();
        assertEquals(Map.of("north", north), parts.done());
        assertEquals(List.of(south, west), List.copyOf(parts.pending().values()));
        south.complete(1);
        west.complete(3);
    }

    @Coro4jTest
    void timeoutAndProgressWorkWithKeys(TestScope time) {
        List<GatherProgress> snapshots = Collections.synchronizedList(new ArrayList<>());
        north.complete(2);
        Future<Map<String, Integer>> late =
                Gather.keyed(children)
                        .timeout(Duration.ofMillis(1))
                        .onProgress(snapshots::add)
                        .all();
        time.advanceBy(Duration.ofMillis(1).minusNanos(1));
        assertPending(late);
        time.advanceBy(Duration.ofNanos(1));
        assertTimedOut(late);
        assertEquals(3, snapshots.size());
    }

    @Test
    @Rule(3)
    void nullArgumentsAreNamed() {
        Map<String, Future<Integer>> hole = new LinkedHashMap<>();
        hole.put("a", null);
        assertEquals(
                "children[a] must not be null: leave the key out, or give Future.completed(null)",
                assertThrows(NullPointerException.class, () -> Gather.keyed(hole)).getMessage());
        assertThrows(NullPointerException.class, () -> Gather.keyed(null));
        Future<Integer> one = Future.completed(1);
        assertEquals(
                "b must not be null: give Future.completed(null)",
                assertThrows(
                                NullPointerException.class,
                                () -> Combination.of(one, (Future<Integer>) null, Integer::sum))
                        .getMessage());
        assertEquals(
                "the future under the key 1 must not be null: leave it out",
                assertThrows(
                                NullPointerException.class,
                                () ->
                                        Stream.of(1)
                                                .collect(
                                                        Gather.toKeyedGather(
                                                                i -> i,
                                                                i -> (Future<Integer>) null)))
                        .getMessage());
        KeyedGather<String, Integer> none = Gather.keyed(Map.of());
        assertEquals(Map.of(), none.all().join());
        assertThrows(IllegalStateException.class, none::firstSuccess);
        assertThrows(IllegalStateException.class, none::firstDone);
        assertThrows(NullPointerException.class, () -> none.until(null));
        assertThrows(IllegalArgumentException.class, () -> none.named(" "));
        assertEquals("keyed Gather of 0 futures", none.toString());
    }

    // ---- Combination

    @Test
    void aCombinationGivesEachValueItsType() {
        Future<Integer> one = Future.completed(1);
        Future<String> two = Future.completed("2");
        Future<Double> three = Future.completed(3.0);
        Future<Long> four = Future.completed(4L);
        assertEquals("12", Combination.of(one, two, (a, b) -> a + b).all().join());
        assertEquals("123.0", Combination.of(one, two, three, (a, b, c) -> a + b + c).all().join());
        assertEquals(
                "123.04",
                Combination.of(one, two, three, four, (a, b, c, d) -> a + b + c + d).all().join());
    }

    @Test
    void aGatherOfMoreThanFourFuturesKeepsTheTypesToo() {
        Future<Integer> one = Future.completed(1);
        Future<String> two = Future.completed("2");
        Future<Double> three = Future.completed(3.0);
        Future<Long> four = Future.completed(4L);
        Future<Character> five = Future.completed('5');
        Future<String> joined =
                Gather.of(one, two, three, four, five)
                        .failFast()
                        .map(all -> one.result() + two.result() + three.result() + four.result());
        assertEquals("123.04", joined.join());
    }

    @Test
    void aCombinationFailsAsItsPolicyDoes() {
        IOException boom = new IOException("boom");
        Combination<Integer> sum = Combination.of(south, north, Integer::sum).named("sum");
        Future<Integer> all = sum.all();
        south.fail(boom);
        assertSame(boom, assertThrows(CompletionException.class, all::join).getCause());
        assertFalse(north.isDone());
        Future<Integer> failFast = sum.failFast();
        assertSame(boom, assertThrows(CompletionException.class, failFast::join).getCause());
        assertTrue(north.isCancelled());
        west.complete(3);
        IOException inside = new IOException("inside");
        Future<?> throwing =
                Combination.of(
                                west,
                                west,
                                (a, b) -> {
                                    throw inside;
                                })
                        .all();
        assertSame(inside, assertThrows(CompletionException.class, throwing::join).getCause());
    }

    @Test
    @Rule(8)
    void cancellingACombinationCancelsItsFutures() {
        Future<Integer> sum =
                Combination.of(south, north, Integer::sum).timeout(Duration.ofHours(1)).all();
        assertTrue(sum.cancel("enough"));
        assertTrue(south.isCancelled() && north.isCancelled());
        assertTrue(sum.joinOutcome() instanceof Outcome.Cancelled);
        assertThrows(
                NullPointerException.class,
                () -> Combination.of(west, west, (Combination.Of2<Object, Object, Object>) null));
        assertThrows(NullPointerException.class, () -> Combination.of(west, null, (a, b) -> a));
        west.complete(1);
    }
}
