package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.WayToWait;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R8, R9: an interrupt or a cancel of the waiter ends its wait, and nothing else. */
class EndedWaitTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** A wait that ended early, as the waiter saw it. */
    private record Ended(Exception exception, boolean flag) {
        static Ended of(WayToWait way, Future<?> future) {
            Exception exception = assertThrows(Exception.class, () -> way.on(future));
            return new Ended(exception, Thread.currentThread().isInterrupted());
        }

        void assertNames(WayToWait way, String waiter, String waitedFor) {
            if (way.isOfTheJdk()) {
                assertInstanceOf(InterruptedException.class, exception);
            } else {
                WaitInterruptedException ended =
                        assertInstanceOf(WaitInterruptedException.class, exception);
                assertEquals(waiter, ended.waiter());
                assertTrue(ended.getMessage().contains(waiter), ended.getMessage());
                assertTrue(ended.getMessage().contains(waitedFor), ended.getMessage());
                assertTrue(flag, "the interrupt flag was cleared");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({8, 9})
    void anInterruptedThreadStopsWaitingAtOnce(WayToWait way) throws Exception {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> slow = slow(scope, gate);

            Ended ended =
                    PlainThread.start(
                                    "reader-thread",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return Ended.of(way, slow);
                                    })
                            .result();

            assertRunsOn(way, slow, gate);
            ended.assertNames(way, "reader-thread", "slow");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({8, 9})
    void aThreadInterruptedWhileItWaitsStopsWaiting(WayToWait way) throws Exception {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> slow = slow(scope, gate);
            PlainThread<Ended> reader =
                    PlainThread.start("reader-thread", () -> Ended.of(way, slow));
            reader.awaitBlocked();

            reader.interrupt();

            Ended ended = reader.result();
            assertRunsOn(way, slow, gate);
            ended.assertNames(way, "reader-thread", "slow");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({8, 9})
    void aCancelledTaskStopsWaiting(WayToWait way) {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> slow = slow(scope, gate);
            Gate begun = new Gate();
            AtomicReference<Ended> ended = new AtomicReference<>();
            Task<Void> reader =
                    scope.launch(
                            "reader",
                            () -> {
                                begun.open();
                                ended.set(Ended.of(way, slow));
                            });
            begun.passUninterruptibly();

            assertInstanceOf(Outcome.Cancelled.class, reader.cancelAndJoin("enough"));

            assertRunsOn(way, slow, gate);
            ended.get().assertNames(way, "reader", "slow");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(9)
    void taskCancelledBeforeTheWait_doesNotBeginToWait(WayToWait way) {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> slow = slow(scope, gate);
            AtomicReference<Ended> ended = new AtomicReference<>();
            Task<Void> reader =
                    scope.launch(
                            "reader",
                            () -> {
                                Task.current().cancel("myself");
                                Thread.interrupted(); // the cancel alone must end the wait
                                ended.set(Ended.of(way, slow));
                            });

            assertInstanceOf(Outcome.Cancelled.class, reader.joinOutcome());

            assertRunsOn(way, slow, gate);
            ended.get().assertNames(way, "reader", "slow");
        }
    }

    @Test
    @Rule(8)
    void cancelOfOneWaiter_doesNotAffectTheOthers() {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> shared = slow(scope, gate);
            Gate bothBegun = new Gate();
            Task<String> a =
                    scope.start(
                            "a",
                            () -> {
                                bothBegun.open();
                                return shared.join();
                            });
            Task<String> b = scope.start("b", () -> shared.join());
            bothBegun.passUninterruptibly();

            assertInstanceOf(Outcome.Cancelled.class, a.cancelAndJoin("enough"));

            assertFalse(shared.isCancelling());
            assertFalse(b.isCancelling());
            gate.open();
            assertEquals("value", shared.join());
            assertEquals("value", b.join());
        }
    }

    @Test
    @Rule(8)
    void aCancelDoesNotTravelDownAChainOfWaits() { // unlike asyncio
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<String> inner = slow(scope, gate);
            Task<String> middle = scope.start("middle", () -> inner.join());
            Task<String> outer = scope.start("outer", () -> middle.join());

            assertInstanceOf(Outcome.Cancelled.class, outer.cancelAndJoin("enough"));

            assertFalse(middle.isCancelling());
            assertFalse(inner.isCancelling());
            gate.open();
            assertEquals("value", middle.join());
        }
    }

    private static Task<String> slow(TaskScope scope, Gate gate) {
        Task<String> slow =
                scope.start(
                        "slow",
                        () -> {
                            gate.passUninterruptibly();
                            return "value";
                        });
        gate.awaitReached();
        return slow;
    }

    /** Checks that the end of the wait did not end the work. Only cancelAndJoin has cancelled it. */
    private static void assertRunsOn(WayToWait way, Task<String> slow, Gate gate) {
        assertFalse(slow.isDone());
        boolean requested = way == WayToWait.CANCEL_AND_JOIN;
        assertEquals(requested, slow.isCancelling());
        gate.open();
        Outcome<String> end = slow.joinOutcome();
        assertEquals((requested ? End.CANCELLED : End.SUCCESS).outcome(), end.getClass());
    }
}
