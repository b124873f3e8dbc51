package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Under a limit, a group fails if its items throw, are null or are too few, or if the executor rejects its bodies. */
@Timeout(120)
class BrokenItemsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static Iterable<Integer> broken(int after, RuntimeException failure) {
        return () ->
                IntStream.iterate(0, i -> i + 1)
                        .peek(
                                i -> {
                                    if (i == after) {
                                        throw failure;
                                    }
                                })
                        .boxed()
                        .iterator();
    }

    @Test
    void anIteratorThatThrowsFailsTheGroupUnderEveryPolicy() {
        List<Function<Gather<Integer>, Future<?>>> policies =
                List.of(
                        Gather::all,
                        Gather::failFast,
                        Gather::settled,
                        plan -> plan.atLeast(5),
                        plan -> plan.until(Gather.When.ALL_DONE));
        for (Function<Gather<Integer>, Future<?>> policy : policies) {
            RuntimeException failure = new IllegalStateException("broken source");
            Gate never = new Gate();
            try (TaskScope scope = leaks.open("scope")) {
                Future<?> group =
                        policy.apply(
                                scope.gather(
                                                broken(2, failure),
                                                i -> {
                                                    never.pass();
                                                    return i;
                                                })
                                        .concurrency(3));
                assertSame(
                        failure, assertThrows(CompletionException.class, group::join).getCause());
                assertTrue(scope.tasks().isEmpty(), "the group has waited for the others");
            }
            assertEquals(List.of(), leaks.takeReports());
        }
    }

    @Test
    void asCompletedThrowsTheExceptionOfTheItemsAtItsEnd() {
        RuntimeException failure = new IllegalStateException("broken source");
        try (TaskScope scope = leaks.open("scope")) {
            Iterator<Future<Integer>> ends =
                    scope.gather(broken(1, failure), i -> i)
                            .concurrency(2)
                            .asCompleted()
                            .iterator();
            ends.next().joinOutcome();
            assertSame(failure, assertThrows(CompletionException.class, ends::next).getCause());
        }
    }

    @Test
    @Rule(17)
    void earlierFailuresAreAttachedToTheExceptionOfTheItems() {
        RuntimeException failure = new IllegalStateException("broken source");
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    broken(1, failure),
                                    i -> {
                                        throw boom;
                                    })
                            .concurrency(1)
                            .settled();
            assertSame(failure, assertThrows(CompletionException.class, group::join).getCause());
        }
        assertEquals(List.of(boom), Arrays.asList(failure.getSuppressed()));
    }

    @Test
    @Rule(3)
    void aNullItemFailsTheGroupWithItsIndex() {
        Iterable<Integer> items = () -> Arrays.asList(0, null).iterator();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group = scope.gather(items, i -> i).concurrency(1).named("pages").all();
            Throwable failure = assertThrows(CompletionException.class, group::join).getCause();
            assertInstanceOf(NullPointerException.class, failure);
            assertTrue(
                    failure.getMessage().startsWith("items[1] must not be null: gather \"pages\""),
                    failure.getMessage());
            // Without a limit no body has begun by then, so the caller gets the exception.
            assertTrue(
                    assertThrows(
                                    NullPointerException.class,
                                    () -> scope.gather(items, i -> i).all())
                            .getMessage()
                            .startsWith("items[1] must not be null"));
        }
    }

    @Test
    void anEmptyIterableGivesAnEmptyListOrAFailure() {
        Iterable<Integer> none = () -> Collections.emptyIterator();
        try (TaskScope scope = leaks.open("scope")) {
            assertEquals(List.of(), scope.gather(none, i -> i).concurrency(1).all().join());
            for (Future<?> each :
                    List.of(
                            scope.gather(none, i -> i).concurrency(1).firstSuccess(),
                            scope.gather(none, i -> i).concurrency(1).firstDone(),
                            scope.gather(none, i -> i).concurrency(1).atLeast(3))) {
                Throwable failure = assertThrows(CompletionException.class, each::join).getCause();
                assertInstanceOf(NoSuchElementException.class, failure);
            }
        }
    }

    @Test
    void aQuorumThatTheItemsCannotReachFails() {
        IOException boom = new IOException("boom");
        Iterable<Integer> items = () -> List.of(0, 1, 2).iterator();
        try (TaskScope scope = leaks.open("scope")) {
            Future<?> group =
                    scope.gather(
                                    items,
                                    i -> {
                                        if (i == 1) {
                                            throw boom;
                                        }
                                        return i;
                                    })
                            .concurrency(1)
                            .atLeast(3);
            assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
            Future<?> two = scope.gather(items, i -> i).concurrency(1).atLeast(4);
            Throwable failure = assertThrows(CompletionException.class, two::join).getCause();
            assertInstanceOf(NoSuchElementException.class, failure);
        }
    }

    @Test
    void anExecutorThatRejectsFailsTheGroup() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        try (TaskScope scope =
                leaks.open(
                        "full",
                        body -> {
                            throw full;
                        })) {
            Iterable<Integer> items = () -> List.of(1, 2).iterator();
            Future<?> group = scope.gather(items, i -> i).concurrency(1).settled();
            assertSame(full, assertThrows(CompletionException.class, group::join).getCause());
        }
    }
}
