package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskEvent;
import io.github.coro4j.TaskListener;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Under a limit, a job of its own reads the items of a group. These tests check how it ends, and where it shows. */
@Timeout(120)
class GatherReaderTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Returns an iterable that gives so many items and then blocks. Its iterator wraps the interrupt, as it must. */
    private static Iterable<Integer> blockingAfter(int items, Gate gate) {
        return () ->
                new Iterator<>() {
                    private int at;

                    @Override
                    public boolean hasNext() {
                        return true;
                    }

                    @Override
                    public Integer next() {
                        try {
                            if (at == items) {
                                gate.pass();
                            }
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("interrupted", e);
                        }
                        return at++;
                    }
                };
    }

    private static Stream<Function<Gather<Integer>, Future<?>>> policies() {
        return Stream.of(
                Gather::all,
                Gather::failFast,
                Gather::settled,
                plan -> plan.atLeast(5),
                plan -> plan.until(Gather.When.ALL_DONE));
    }

    // The iterator throws because of the interrupt, which is no failure (R4, R20).
    @ParameterizedTest
    @MethodSource("policies")
    @Rule(20)
    void aCancelWhileTheReaderBlocksMakesTheGroupCancelled(
            Function<Gather<Integer>, Future<?>> policy) {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    policy.apply(scope.gather(blockingAfter(0, gate), i -> i).concurrency(2));
            gate.awaitReached();
            assertTrue(group.cancel("user left"));
            group.joinOutcome();
            assertTrue(group.isCancelled(), group::toString);
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // The group has failed with another exception before (R16, R17).
    @Test
    @Rule(16)
    void anIteratorThatThrowsAfterTheGroupsEndIsReported() {
        Gate gate = new Gate();
        RuntimeException late = new IllegalStateException("broken source");
        Iterable<Integer> items =
                () ->
                        IntStream.range(0, 2)
                                .peek(
                                        i -> {
                                            if (i == 1) {
                                                gate.passUninterruptibly();
                                                throw late;
                                            }
                                        })
                                .boxed()
                                .iterator();
        RuntimeException boom = new IllegalStateException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    items,
                                    i -> {
                                        throw boom;
                                    })
                            .concurrency(2)
                            .named("pages")
                            .all();
            assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
            gate.open();
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertSame(late, reports.get(0).exception());
        assertEquals("pages.items", reports.get(0).name());
    }

    @Test
    void theReaderIsNoChildInADump() {
        Gate gate = new Gate();
        Gate busy = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    blockingAfter(3, gate),
                                    i -> {
                                        if (i > 0) {
                                            busy.pass();
                                        }
                                        return i;
                                    })
                            .concurrency(4)
                            .named("pages")
                            .all();
            gate.awaitReached();
            String line =
                    scope.dump()
                            .lines()
                            .filter(each -> each.contains("gather \"pages\""))
                            .findFirst()
                            .orElseThrow();
            assertTrue(line.matches(".*\\(pending, [01] done, .*"), line);
            assertFalse(line.contains("4 running"), line);
            assertFalse(scope.dumpJson().contains("\"total\":-1"), scope::dumpJson);
            String reader =
                    scope.dump()
                            .lines()
                            .filter(each -> each.contains("items \"pages.items\""))
                            .findFirst()
                            .orElseThrow();
            assertTrue(reader.matches(".*, age [0-9]+ s\\)"), reader);
            group.cancel("seen");
        }
    }

    @Test
    void noTaskListenerReceivesTheReader() {
        Set<String> types = new ConcurrentSkipListSet<>();
        TaskListener listener =
                new TaskListener() {
                    @Override
                    public void ended(TaskEvent event) {
                        types.add(event.type());
                    }
                };
        Iterable<Integer> items = () -> IntStream.range(0, 100).boxed().iterator();
        try (TaskScope scope = leaks.opened(TaskScope.builder().taskListener(listener).open())) {
            assertEquals(100, scope.gather(items, i -> i).concurrency(2).all().join().size());
        }
        assertEquals(Set.of("task"), types);
    }

    // Without a limit the group reads all items first, so the policy knows their number.
    @Test
    void withoutALimitTooFewItemsAreRefusedAtOnce() {
        Iterable<Integer> none = () -> Collections.emptyIterator();
        Iterable<Integer> two = () -> List.of(1, 2).iterator();
        try (TaskScope scope = leaks.open("scope")) {
            Gather<Integer> empty = scope.gather(none, i -> i);
            assertThrows(IllegalStateException.class, empty::firstSuccess);
            assertThrows(IllegalStateException.class, empty::firstDone);
            assertEquals(List.of(), empty.all().join(), "no refusal has started the plan");
            assertThrows(IllegalStateException.class, empty::firstSuccess);
            Gather<Integer> plan = scope.gather(two, i -> i);
            String message =
                    assertThrows(IllegalArgumentException.class, () -> plan.atLeast(3))
                            .getMessage();
            assertTrue(message.startsWith("k must be from 1 to 2"), message);
            assertEquals(List.of(1, 2), plan.atLeast(2).join());
        }
    }

    @Test
    void underALimitTheMessageSaysHowManyItemsThereWere() {
        Iterable<Integer> two = () -> List.of(1, 2).iterator();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group = scope.gather(two, i -> i).concurrency(1).atLeast(3);
            Throwable failure = assertThrows(CompletionException.class, group::join).getCause();
            assertEquals(
                    "atLeast(3) needs 3 children, but the items ended after 2",
                    failure.getMessage());
        }
    }

    @Test
    @Rule(3)
    void anIterableThatReturnsANullIteratorFailsTheGroup() {
        Iterable<Integer> broken = () -> null;
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group = scope.gather(broken, i -> i).concurrency(1).all();
            Throwable failure = assertThrows(CompletionException.class, group::join).getCause();
            assertInstanceOf(NullPointerException.class, failure);
            assertTrue(
                    failure.getMessage().startsWith("items.iterator() must not be null"),
                    failure.getMessage());
        }
    }
}
