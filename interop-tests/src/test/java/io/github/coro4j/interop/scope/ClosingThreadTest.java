package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thread that closes a scope waits for its tasks, even if it is interrupted or another thread has begun the close
 * (R23).
 */
class ClosingThreadTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(23)
    void closingAgainDoesNothing() {
        IOException boom = new IOException("boom");
        TaskScope scope = leaks.open("page");
        scope.start(
                "failing",
                () -> {
                    throw boom;
                });
        scope.join();
        scope.close();
        assertEquals(1, leaks.takeReports().size());
        scope.close();
        assertEquals(List.of(), leaks.takeReports());
        scope.cancel("too late");
        scope.join();
    }

    @Test
    @Rule(23)
    void aSecondCloseAtTheSameTimeWaitsForTheSameTasks() throws InterruptedException {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        scope.launch("slow", new SlowCleanUp(never, cleanUp).then(() -> trail.add("cleaned up")));
        never.awaitReached();
        Runnable close =
                () -> {
                    scope.close();
                    trail.add("closed");
                };
        Thread first = new Thread(close);
        first.start();
        cleanUp.awaitReached();
        Thread second = new Thread(close);
        second.start();
        new Thread(cleanUp::open).start();
        scope.close();
        trail.add("closed");
        first.join();
        second.join();
        trail.assertSteps("cleaned up", "closed", "closed", "closed");
    }

    // The interrupt does not end the wait, and is not lost.
    @Test
    @Rule(23)
    void anInterruptWhileClosingWaitsIsKept() {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        Thread closer = Thread.currentThread();
        TaskScope scope = leaks.open("page");
        scope.launch(
                "slow",
                () -> {
                    try {
                        never.pass();
                    } finally {
                        closer.interrupt();
                        cleanUp.passUninterruptibly();
                        trail.add("cleaned up");
                    }
                });
        never.awaitReached();
        Thread opener =
                new Thread(
                        () -> {
                            cleanUp.awaitReached();
                            cleanUp.open();
                        });
        opener.start();
        scope.close();
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        trail.assertSteps("cleaned up");
    }

    @Test
    @Rule(23)
    void closingWithTheInterruptFlagSetStillWaits() {
        Gate never = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("page");
        scope.launch(
                "slow",
                () -> {
                    try {
                        never.pass();
                    } finally {
                        trail.add("cleaned up");
                    }
                });
        never.awaitReached();
        Thread.currentThread().interrupt();
        scope.close();
        assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        trail.assertSteps("cleaned up");
    }
}
