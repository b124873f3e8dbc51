package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A future that lives long keeps nothing of other code: no executor of a callback, no wait and no derived future that
 * has ended.
 */
class LongLivedFutureKeepsNothingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** A future that lives long keeps no executor that has run its callbacks. */
    @Test
    void anExecutorOfACallbackThatHasRunIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        Future<String> done = Future.completed("value");
        for (int i = 0; i < 10; i++) {
            runCallback(done, dropped);
        }
        dropped.awaitCollected();
        assertEquals("value", done.result());
    }

    private static void runCallback(Future<String> done, DroppedObjects dropped) {
        Object held = dropped.object("what the executor held");
        CountDownLatch called = new CountDownLatch(1);
        done.addDoneCallback(
                future -> called.countDown(),
                work -> {
                    assertNotNull(held);
                    work.run();
                });
        assertDoesNotThrow(() -> called.await());
    }

    /** A thread that gives up waiting for a pending future leaves nothing in it. */
    @Test
    @Rule(8)
    void aPendingFutureKeepsNothingOfWaitsThatEndedEarly() {
        keepsNothingWhilePending(LongLivedFutureKeepsNothingTest::waitInVain);
    }

    /** A derived future that has ended leaves nothing in its source, which runs on. */
    @Test
    @Rule(8)
    void aPendingFutureKeepsNothingOfDerivedFuturesThatEnded() {
        keepsNothingWhilePending(LongLivedFutureKeepsNothingTest::deriveAndEnd);
    }

    private interface Use {
        void of(Task<String> pending, TaskScope scope, DroppedObjects dropped);
    }

    private void keepsNothingWhilePending(Use use) {
        DroppedObjects dropped = new DroppedObjects();
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("open")) {
            Task<String> pending =
                    scope.start(
                            "pending",
                            () -> {
                                gate.pass();
                                return "value";
                            });
            use.of(pending, scope, dropped);
            dropped.awaitCollected();
            gate.open();
            assertEquals("value", pending.join());
        }
    }

    private static void waitInVain(Task<?> pending, TaskScope scope, DroppedObjects dropped) {
        assertThrows(TimeoutException.class, () -> pending.join(Duration.ofNanos(1)));
        Object held = dropped.object("what the waiter held");
        Task<?> waiter =
                scope.start(
                        () -> {
                            assertNotNull(held);
                            return pending.join(Duration.ofNanos(100_000));
                        });
        dropped.add("waiter", waiter);
        assertInstanceOf(TimeoutException.class, waiter.joinOutcome().exceptionOrNull());
    }

    private static void deriveAndEnd(
            Task<String> pending, TaskScope scope, DroppedObjects dropped) {
        Future<String> shield = dropped.add("shield", pending.shield());
        assertTrue(shield.cancel("enough"));
        Future<List<String>> failed =
                scope.start(
                                () -> {
                                    IOException failure = new IOException("planned");
                                    return Gather.of(pending, Future.<String>failed(failure)).all();
                                })
                        .join();
        assertInstanceOf(Outcome.Failure.class, dropped.add("failed group", failed).joinOutcome());
        Future<String> timeout = dropped.add("timeout", pending.shield());
        Future<String> late = timeout.orTimeout(Duration.ofMillis(1));
        assertInstanceOf(
                TimeoutException.class, dropped.add("late", late).joinOutcome().exceptionOrNull());
        pending.addDoneCallback(dropped.add("removed callback", new Held())::called).remove();
    }

    /** A callback that is an object of its own. */
    private static final class Held {
        void called(Future<?> future) {
            throw new AssertionError(this + " was removed from " + future);
        }
    }
}
