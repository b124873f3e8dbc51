package io.github.coro4j.interop.docs;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/coming-from.md says about Coro4j in the tables of differences from asyncio. */
class AsyncioDifferencesTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate never = new Gate();
    private final Gate cleanUp = new Gate();

    // ---- groups

    @Test
    void aCancelledGather_isCancelledOnceItsLastChildHasEnded() {
        try (TaskScope scope = leaks.open("scope")) {
            Future<List<String>> group = scope.gather(List.of(1), id -> cleaningUp("late")).all();
            never.awaitReached();
            assertTrue(group.cancel("not wanted"));
            assertFalse(group.isCancelled(), "the child still cleans up");
            cleanUp.open();
            assertThrows(CancellationException.class, group::join);
            assertTrue(group.isCancelled());
        }
    }

    @Test
    void afterAFailure_aCancelReachesTheRunningChildren() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> fails = scope.start(() -> failing("first"));
            Task<String> runs = scope.start(this::waiting);
            Future<List<String>> group = Gather.of(fails, runs).all();
            assertThrows(CompletionException.class, group::join);
            never.awaitReached();
            assertFalse(runs.isCancelling());
            assertFalse(group.cancel("not wanted"), "the group is done");
            assertTrue(runs.joinOutcome().isCancelled());
        }
    }

    @Test
    void failFast_failsWithTheFirstFailureAndTheOthersSuppressed() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> stopped = scope.start(this::failingInItsCleanUp);
            never.awaitReached();
            Task<String> fails = scope.start(() -> failing("first"));
            Throwable failure =
                    Gather.of(stopped, fails).failFast().joinOutcome().exceptionOrNull();
            assertSame(fails.exception(), failure);
            assertEquals(List.of(stopped.exception()), List.of(failure.getSuppressed()));
        }
    }

    @Test
    void aCancelledChild_countsAsAFailureOfFailFast_andSettledShowsIt() {
        Promise<String> cancelled = Promise.create();
        cancelled.cancel("not wanted");
        Future<List<String>> group = Gather.of(cancelled).failFast();
        assertTrue(group.joinOutcome().isFailure());
        assertFalse(group.isCancelled());
        assertTrue(Gather.of(cancelled).settled().join().get(0).isCancelled());
    }

    @Test
    void firstFailure_doesNotCountACancelledChild() {
        Promise<String> cancelled = Promise.create();
        cancelled.cancel("not wanted");
        Promise<String> succeeds = Promise.create();
        Future<Partition<String>> group =
                Gather.of(cancelled, succeeds).until(Gather.When.FIRST_FAILURE);
        assertFalse(group.isDone());
        succeeds.complete("value");
        assertEquals(2, group.join().done().size());
    }

    @Test
    void untilWithoutFutures_givesAnEmptyPartition() {
        Partition<String> parts = Gather.<String>of(List.of()).until(Gather.When.FIRST_DONE).join();
        assertTrue(parts.done().isEmpty());
        assertTrue(parts.pending().isEmpty());
    }

    @Coro4jTest
    void lateChildrenOfAsCompleted_areCancelledAndGivenOut(TestScope time) {
        Promise<String> late = Promise.create();
        try (TaskScope scope = leaks.open("scope")) {
            List<Future<String>> ended = new ArrayList<>();
            Iterable<Future<String>> loop =
                    scope.gather(List.of(1), id -> late.join()).timeout(LIMIT).asCompleted();
            time.advanceBy(LIMIT.minusNanos(1));
            Task<?> child = scope.tasks().iterator().next();
            assertPending(child);
            time.advanceBy(Duration.ofNanos(1));
            assertCancelled(child);
            loop.forEach(ended::add);
            assertEquals(1, ended.size());
            assertTrue(ended.get(0).isCancelled());
        }
    }

    @Test
    void leavingTheLoopOverAsCompleted_cancelsNoChild() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> quick = scope.start(() -> "quick");
            Task<String> slow = scope.start(this::waiting);
            for (Future<String> each : Gather.of(quick, slow).asCompleted()) {
                assertSame(quick, each);
                break;
            }
            assertFalse(slow.isCancelling());
            never.open();
            assertEquals("value", slow.join());
        }
    }

    // ---- cancels and time limits

    @Test
    void aBodyThatSwallowsTheRequest_isCancelled() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = scope.start(() -> swallowing());
            never.awaitReached();
            assertTrue(task.cancelAndJoin("not wanted").isCancelled());
        }
    }

    @Test
    void awaitingAFutureThatOtherCodeHasCancelled_failsTheTask() {
        Promise<String> promise = Promise.create();
        promise.cancel("not wanted");
        try (TaskScope scope = leaks.open("scope")) {
            Outcome<String> end = scope.start(() -> promise.join()).joinOutcome();
            assertTrue(end.isFailure());
            assertInstanceOf(CancellationException.class, end.exceptionOrNull());
        }
    }

    @Test
    void inTheCleanUp_onlyNonCancellableWaitsWork_andASecondCancelDoesNotInterruptIt() {
        try (TaskScope scope = leaks.open("scope")) {
            Promise<String> awaited = Promise.create();
            Promise<String> read = Promise.create();
            Task<String> task =
                    scope.start(
                            () -> {
                                try {
                                    return waiting();
                                } finally {
                                    assertThrows(CancellationException.class, awaited::join);
                                    Thread.interrupted(); // the wait has left the flag set
                                    cleanUp.pass(); // an interrupt would end this
                                    Task.nonCancellable(() -> read.complete(awaited.join()));
                                }
                            });
            never.awaitReached();
            task.cancel("not wanted");
            cleanUp.awaitReached();
            task.cancel("again");
            awaited.complete("value");
            cleanUp.open();
            assertTrue(task.joinOutcome().isCancelled());
            assertTrue(read.isDone());
        }
    }

    @Test
    void noTimeLimitIsZero() {
        try (TaskScope scope = leaks.open("scope")) {
            Future<String> future = Future.completed("value");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> scope.gather(List.of(1), id -> id).timeout(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> future.orTimeout(Duration.ZERO));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> TaskScope.builder().deadline(Duration.ZERO));
        }
    }

    @Coro4jTest
    void aTaskThatSwallowsItsTimeout_hasTimedOut_andIsCancelled(TestScope time) {
        Promise<String> late = Promise.create();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task =
                    scope.start(
                            () -> {
                                try {
                                    return late.join();
                                } catch (CancellationException e) {
                                    return "swallowed";
                                }
                            });
            Future<String> limited = task.orTimeout(LIMIT);
            time.advanceBy(LIMIT.minusNanos(1));
            assertPending(limited);
            time.advanceBy(Duration.ofNanos(1));
            assertTimedOut(limited);
            assertCancelled(task);
        }
    }

    // ---- tasks and futures

    @Test
    void aTaskBelongsToTheScopeOfItsStarter_orToTheGlobalScope() {
        try (TaskScope scope = leaks.open("scope")) {
            assertSame(scope, scope.start(() -> Task.start(() -> 1).scope()).join());
        }
        assertSame(TaskScope.global(), Task.start(() -> 1).scope());
    }

    @Test
    void aDoneFuture_returnsItsCancellation_andRefusesAValue() {
        Promise<String> promise = Promise.create();
        promise.cancel("not wanted");
        assertInstanceOf(CancellationException.class, promise.exception());
        assertFalse(promise.complete("value"));
    }

    // ---- bodies

    private String waiting() throws InterruptedException {
        never.pass();
        return "value";
    }

    private String swallowing() {
        try {
            return waiting();
        } catch (InterruptedException e) {
            return "swallowed";
        }
    }

    private String failingInItsCleanUp() throws IOException {
        try {
            return waiting();
        } catch (InterruptedException e) {
            throw new IOException("clean-up");
        }
    }

    private String cleaningUp(String value) throws InterruptedException {
        try {
            return waiting() + value;
        } finally {
            cleanUp.passUninterruptibly();
        }
    }

    private static String failing(String message) throws IOException {
        throw new IOException(message);
    }
}
