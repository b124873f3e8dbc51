package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Future.fromBlocking: a cancel of the future reaches the future of the JDK, and the other way round. */
class FromBlockingCancelTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    @Test
    @Rule(4)
    void aCancelReachesTheBody() {
        Gate gate = new Gate();
        Trail trail = new Trail();
        java.util.concurrent.Future<?> theirs =
                pool.submit(
                        () -> {
                            try {
                                gate.pass();
                            } catch (InterruptedException e) {
                                trail.add("interrupted");
                            }
                        });
        gate.awaitReached();
        Future<Object> future = Future.fromBlocking(theirs);

        assertTrue(future.cancel("not needed"));

        assertTrue(future.isCancelled());
        assertEquals("not needed", ((TaskCancelledException) future.exception()).reason());
        trail.await("interrupted");
        assertTrue(theirs.isCancelled());
    }

    @Test
    @Rule(5)
    void cancelFalse_isPassedOnWithoutAnInterrupt() {
        Trail trail = new Trail();
        Followed theirs =
                new Followed() {
                    @Override
                    public boolean cancel(boolean mayInterrupt) {
                        trail.add("cancel(" + mayInterrupt + ")");
                        return super.cancel(mayInterrupt);
                    }
                };
        Future.fromBlocking(theirs).cancel(false);
        TaskScope.global().join(); // waits until it is passed on
        trail.assertSteps("cancel(false)");
        assertTrue(theirs.isCancelled());
    }

    @Test
    void aCancelledFutureGivesACancelledFuture() {
        Gate gate = new Gate();
        java.util.concurrent.Future<?> theirs =
                pool.submit(
                        () -> {
                            gate.passUninterruptibly();
                            return null;
                        });
        gate.awaitReached();
        Future<Object> future = Future.fromBlocking(theirs);
        theirs.cancel(true);
        assertInstanceOf(Outcome.Cancelled.class, future.joinOutcome());
        gate.open();
    }

    // The JDK's future refuses the cancel and runs on.
    @Test
    void cancel_freesTheThreadIfTheFutureRefusesTheCancel() throws Exception {
        Followed theirs =
                new Followed() {
                    @Override
                    public boolean cancel(boolean mayInterrupt) {
                        return false;
                    }
                };
        Future<String> future = Future.fromBlocking(theirs);
        theirs.awaitReader();
        assertTrue(future.cancel("not needed"));
        theirs.interrupted.await();
        theirs.set("value");
        assertTrue(future.isCancelled(), "the end never changes");
    }

    @Test
    @Rule(13)
    void aCancelThatThrowsIsReported() {
        IllegalStateException wrong = new IllegalStateException("cancel() throws");
        Followed theirs =
                new Followed() {
                    @Override
                    public boolean cancel(boolean mayInterrupt) {
                        throw wrong;
                    }
                };
        try (TaskScope scope = leaks.open("page")) {
            Future<String> future = scope.start(() -> Future.fromBlocking(theirs)).join();
            theirs.awaitReader();
            future.cancel("not needed");
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(wrong, reports.get(0).exception());
        assertEquals("blocking future", reports.get(0).type());
    }

    @Test
    void groupOfBlockingFutures_cancelsItsChildren() {
        Gate gate = new Gate();
        java.util.concurrent.Future<String> slow =
                pool.submit(
                        () -> {
                            gate.pass();
                            return "slow";
                        });
        gate.awaitReached();
        Future<String> first =
                Gather.of(
                                Future.fromBlocking(slow),
                                Future.<String>fromBlocking(pool.submit(() -> "quick")))
                        .firstSuccess();
        assertEquals("quick", first.join());
        TaskScope.global().join(); // waits until it is passed on
        assertTrue(slow.isCancelled(), "a group owns its children");
    }

    @Test
    void cancelAndEnd_agree() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Followed theirs = new Followed();
                        Future<String> future =
                                scope.start(() -> Future.<String>fromBlocking(theirs)).join();
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> {
                                            theirs.set("value");
                                            return true;
                                        },
                                        () -> future.cancel("not needed"));
                        assertEquals(
                                answers.get(1), future.joinOutcome() instanceof Outcome.Cancelled);
                        assertTrue(theirs.isDone());
                    });
        }
    }
}
