package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gather may end although the only child that is not done waits for the gather. */
@Rule(25)
class DeciderStillReportsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** Takes the first value, once the test lets it decide. */
    private static final class TakesTheFirst implements GatherPolicy<String, String> {
        final Gate deciding = new Gate();
        private String first;

        @Override
        public Decision ended(int index, Outcome<String> outcome) throws InterruptedException {
            deciding.pass();
            first = outcome.valueOrNull();
            return Decision.CONCLUDE;
        }

        @Override
        public String result() {
            return first;
        }
    }

    @Test
    void childMayWaitForAGatherWhosePolicyIsStillDeciding() {
        TakesTheFirst policy = new TakesTheFirst();
        Gate built = new Gate();
        CompletableFuture<Thread> asking = new CompletableFuture<>();
        AtomicReference<Future<String>> gather = new AtomicReference<>();
        try (TaskScope scope = leaks.open("shop")) {
            Task<String> slow =
                    scope.start(
                            "slow",
                            () -> {
                                built.pass();
                                asking.complete(Thread.currentThread());
                                return gather.get().join();
                            });
            Task<String> quick = scope.start("quick", () -> "quick");
            gather.set(Gather.of(quick, slow).using(() -> policy));
            policy.deciding.awaitReached();
            built.open();
            PlainThread.awaitBlocked(asking.join());
            policy.deciding.open();
            assertEquals("quick", gather.get().join());
            assertEquals("quick", slow.join());
        }
    }

    // The thread that has ended the first child starts the second one before it counts the first.
    @RepeatedTest(100)
    void lastChildThatWaitsForItsGather_isAlwaysRefused() {
        CompletableFuture<Future<String>> gather = new CompletableFuture<>();
        AtomicReference<DeadlockException> refused = new AtomicReference<>();
        IllegalStateException broken = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("shop")) {
            ThrowingFunction<String, String> body =
                    each -> {
                        Future<String> all = gather.join();
                        if (each.equals("first")) throw broken;
                        try {
                            return all.join();
                        } catch (DeadlockException e) {
                            refused.set(e);
                            throw e;
                        }
                    };
            gather.complete(
                    scope.gather(List.of("first", "last"), body).concurrency(1).firstSuccess());
            assertSame(broken, gather.join().joinOutcome().exceptionOrNull());
        }
        assertNotNull(refused.get());
    }
}
