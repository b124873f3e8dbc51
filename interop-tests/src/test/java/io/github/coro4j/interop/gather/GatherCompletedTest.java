package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code asCompleted()} and {@code stream()} give out each child once it has ended. */
@Timeout(120)
class GatherCompletedTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Promise<String> a = Promise.create();
    private final Promise<String> b = Promise.create();
    private final Promise<String> c = Promise.create();

    @Test
    void theChildrenComeInTheOrderOfCompletion() {
        Iterator<Future<String>> ends = Gather.<String>of(a, b, c).asCompleted().iterator();
        b.complete("b");
        assertSame(b, ends.next());
        c.complete("c");
        a.complete("a");
        assertTrue(ends.hasNext());
        assertTrue(ends.hasNext(), "hasNext() takes no child");
        assertSame(c, ends.next());
        assertSame(a, ends.next());
        assertFalse(ends.hasNext());
        String message = assertThrows(NoSuchElementException.class, ends::next).getMessage();
        assertTrue(message.startsWith("all children of gather \"gather-"), message);
        assertThrows(UnsupportedOperationException.class, ends::remove);
    }

    @Test
    void theBodiesStartBeforeTheLoop() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Iterable<Future<String>> ends =
                    scope.gather(List.of(Bodies.returning("a", gate))).asCompleted();
            gate.awaitReached();
            gate.open();
            assertEquals("a", ends.iterator().next().join());
        }
    }

    @Test
    void aChildPassedTwiceComesOnce() {
        a.complete("a");
        b.complete("b");
        List<Future<String>> ends = new ArrayList<>();
        Gather.<String>of(a, b, a).asCompleted().forEach(ends::add);
        assertEquals(List.of(a, b), ends);
    }

    @Test
    void aFailureIsThrownByTheChildAndNotByTheLoop() {
        IOException boom = new IOException("boom");
        Iterator<Future<String>> ends = Gather.<String>of(a, b).asCompleted().iterator();
        a.fail(boom);
        b.complete("b");
        Future<String> failed = ends.next();
        assertSame(boom, assertThrows(CompletionException.class, failed::join).getCause());
        assertEquals("b", ends.next().join());
    }

    @Test
    void aLoopOverNoChildrenEndsAtOnce() {
        assertFalse(Gather.of().asCompleted().iterator().hasNext());
        assertEquals(0, Gather.of().stream().count());
    }

    @Test
    void leavingTheLoopCancelsNoChild() {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            List<Gate> begun = List.of(new Gate(), gate);
            begun.get(0).open();
            for (Future<Integer> first :
                    scope.gather(
                                    List.of(0, 1),
                                    i -> {
                                        begun.get(i).pass();
                                        return i;
                                    })
                            .asCompleted()) {
                assertEquals(0, first.join());
                break;
            }
            gate.awaitReached(); // the thread that runs a body makes its task
            Task<?> other = scope.tasks().iterator().next();
            gate.open();
            assertEquals(1, other.join());
        }
    }

    @Test
    void aClosedStreamCancelsTheRest() {
        Stream<Future<String>> stream = Gather.<String>of(a, b, c).named("pages").stream();
        a.complete("a");
        assertSame(a, stream.findFirst().orElseThrow());
        assertFalse(b.isDone(), "a stream that is not closed cancels no child");
        stream.close();
        assertTrue(b.isCancelled() && c.isCancelled());
        String why = b.exception().getMessage();
        assertTrue(why.contains("the stream of gather \"pages\" was closed"), why);
    }

    @Test
    void aStreamThatWasReadToItsEndMayBeClosed() {
        a.complete("a");
        try (Stream<Future<String>> stream = Gather.<String>of(a).stream()) {
            assertEquals(List.of("a"), stream.parallel().map(Future::join).toList());
        }
        assertFalse(a.isCancelled());
    }

    // A loop may end normally only after all children. With the high limit, all have an end.
    @ParameterizedTest
    @ValueSource(ints = {1, 1_000})
    void aLoopThatMissesChildrenEndsWithACancellation(int limit) {
        List<Future<Integer>> given = new ArrayList<>();
        try (TaskScope scope = leaks.open("stopped")) {
            scope.cancel("shop closes");
            scope.gather(List.of(1, 2, 3), i -> i)
                    .concurrency(limit)
                    .asCompleted()
                    .forEach(given::add);
            assertTrue(limit > 1, "with the limit 1 no body has begun, so the loop must throw");
            assertEquals(3, given.size());
        } catch (TaskCancelledException end) {
            assertEquals("shop closes", end.reason());
            assertEquals(0, given.size());
        }
    }

    @Test
    void aLoopOverCancelledChildrenEndsNormally() {
        Iterable<Future<String>> ends = Gather.<String>of(a, b).asCompleted();
        a.cancel("a");
        b.cancel("b");
        int count = 0;
        for (Future<String> ignored : ends) count++;
        assertEquals(2, count);
    }

    @Test
    @Rule(16)
    void aFailureThatNoLoopTakesIsReported() {
        Promise<String> fails = Promise.create();
        try (TaskScope scope = leaks.open("scope")) {
            Iterable<Future<String>> ends =
                    scope.gather(List.of(fails), Future::join).asCompleted();
            fails.fail(new IOException("boom"));
            ends.iterator().hasNext();
        }
        assertEquals(1, leaks.takeReports().size());
    }

    @Test
    @Rule(20)
    void theEndOfTheScopeCancelsTheRemainingChildren() {
        Gate gate = new Gate();
        List<Future<String>> ends = new ArrayList<>();
        Iterable<Future<String>> given;
        try (TaskScope scope = leaks.open("scope")) {
            given =
                    scope.gather(List.of(Bodies.returning("a", gate), Bodies.returning("b", gate)))
                            .concurrency(1)
                            .asCompleted();
            gate.awaitReached();
        }
        assertThrows(TaskCancelledException.class, () -> given.forEach(ends::add));
        assertEquals(1, ends.size(), "the other child has never begun");
        assertTrue(ends.get(0).isCancelled());
    }
}
