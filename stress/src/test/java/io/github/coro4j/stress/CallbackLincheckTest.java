package io.github.coro4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The callbacks of a pending promise are a list from which each can be removed once. What happens when it completes is
 * for jcstress: the engine's threads, which run callbacks, are not seen here.
 */
class CallbackLincheckTest {
    /** What the threads call. */
    public static class Calls {
        private final Promise<Integer> promise = Promise.create();
        private final Registration first = promise.addDoneCallback(done -> {});
        private final Registration second = promise.addDoneCallback(done -> {});

        @Operation
        public void add() {
            promise.addDoneCallback(done -> {});
        }

        @Operation
        public boolean removeFirst() {
            return first.remove();
        }

        @Operation
        public boolean removeSecond() {
            return second.remove();
        }
    }

    @Test
    void eachRegistrationIsRemovedOnce() {
        new ModelCheckingOptions()
                .iterations(5)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .check(Calls.class);
    }

    @Test
    void whatSeveralThreadsRemoveAddsUp() {
        Lincheck.runConcurrentTest(
                200,
                () -> {
                    Promise<Integer> promise = Promise.create();
                    Consumer<Future<Integer>> callback = done -> {};
                    Registration first = promise.addDoneCallback(callback);
                    promise.addDoneCallback(callback);
                    AtomicInteger removed = new AtomicInteger();
                    Other remover =
                            Other.runs(
                                    () -> removed.addAndGet(promise.removeDoneCallback(callback)));
                    removed.addAndGet(first.remove() ? 1 : 0);
                    remover.join();
                    assertEquals(2, removed.get());
                });
    }
}
