package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code until(When)} waits for some children and cancels none, as asyncio's {@code wait} does. */
class GatherUntilTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void thePartitionHasEachFutureOnceInArgumentOrder() {
        Promise<String> a = Promise.create();
        Promise<String> b = Promise.create();
        Promise<String> c = Promise.create();
        Future<Partition<String>> until = Gather.of(c, a, b, a, c).until(When.FIRST_DONE);
        assertFalse(until.isDone());
        a.complete("a");
        Partition<String> parts = until.join();
        assertEquals(List.of(a), List.copyOf(parts.done()));
        assertSame(a, parts.done().iterator().next());
        assertEquals(List.of(c, b), new ArrayList<>(parts.pending()));
        assertThrows(UnsupportedOperationException.class, () -> parts.done().add(b));
        b.complete("b");
        assertEquals(1, parts.done().size(), "the partition is a snapshot");
        c.complete("c");
    }

    @Test
    @Rule(16)
    void untilReadsNoFailure() {
        IOException boom = new IOException("boom");
        Gate fail = new Gate();
        try (TaskScope scope = leaks.open("wait")) {
            Task<String> fails = scope.start("fails", Bodies.throwing(boom, fail));
            Future<Partition<String>> until = Gather.of(fails).until(When.ALL_DONE);
            fail.open();
            assertEquals(Set.of(fails), until.join().done());
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(boom, reports.get(0).exception());
    }

    @Test
    void aCancelledChildHasNotFailed() {
        Promise<String> cancelled = Promise.create();
        Promise<String> fails = Promise.create();
        Promise<String> pending = Promise.create();
        Future<Partition<String>> until =
                Gather.of(cancelled, fails, pending).until(When.FIRST_FAILURE);
        cancelled.cancel();
        assertFalse(until.isDone());
        fails.fail(new IOException("boom"));
        assertEquals(new LinkedHashSet<>(List.of(cancelled, fails)), until.join().done());
        assertEquals(Set.of(pending), until.join().pending());
        assertTrue(fails.exception() instanceof IOException);
        pending.complete("late");
    }

    // Pending children run on, and those without a permit get one later.
    @ParameterizedTest
    @EnumSource
    void pendingChildrenRunOn(Origin origin) {
        Gate a = new Gate();
        Gate b = new Gate();
        try (TaskScope scope = leaks.open("wait")) {
            Gather<String> plan =
                    origin.plan(scope, Bodies.returning("a", a), Bodies.returning("b", b));
            Partition<String> parts;
            if (origin == Origin.STARTED) {
                Future<Partition<String>> until = plan.concurrency(1).until(When.FIRST_DONE);
                a.open();
                parts = until.join();
            } else {
                Future<Partition<String>> until = plan.until(When.FIRST_DONE);
                a.open();
                parts = until.join();
            }
            assertEquals(List.of("a"), parts.done().stream().map(Future::join).toList());
            Future<String> rest = parts.pending().iterator().next();
            assertFalse(rest.isCancelling());
            b.open();
            assertEquals("b", rest.join());
        }
    }

    // The group owns its children, as under every policy.
    @Test
    @Rule(20)
    void cancellingADoneGroupStillCancelsItsChildren() {
        Promise<String> a = Promise.create();
        Promise<String> b = Promise.create();
        Future<Partition<String>> until = Gather.of(a, b).until(When.FIRST_DONE);
        a.complete("a");
        assertTrue(until.isDone());
        assertFalse(until.cancel("enough"));
        assertTrue(b.isCancelled());
    }

    @Test
    @Rule(3)
    void aPartitionCopiesItsSetsAndTakesNoNull() {
        Set<Future<String>> done = new LinkedHashSet<>(List.of(Future.completed("a")));
        Partition<String> parts = new Partition<>(done, Set.of());
        done.clear();
        assertEquals(1, parts.done().size());
        assertEquals(
                "pending must not be null: an empty set is fine",
                assertThrows(NullPointerException.class, () -> new Partition<>(done, null))
                        .getMessage());
    }
}
