package io.github.coro4j.stress;

import io.github.coro4j.Promise;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A promise behaves as if its calls came one after another. */
class PromiseLincheckTest {
    /** What the threads call. */
    public static class Calls {
        private final Promise<Integer> promise = Promise.create();

        public Calls() {
            promise.shield(); // a handler: with one, kotlinx completes in two steps
        }

        @Operation
        public boolean complete(int value) {
            return promise.complete(value);
        }

        @Operation
        public boolean cancel() {
            return promise.cancel("late");
        }

        @Operation
        public boolean isDone() {
            return promise.isDone();
        }

        @Operation
        public boolean isCancelled() {
            return promise.isCancelled();
        }

        @Operation
        public String end() {
            return promise.isDone() ? Ends.of(promise) : "pending";
        }
    }

    @Test
    void oneEndForEveryReader() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(200)
                .recursionBound(Schedules.RECURSION_BOUND)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0) // a promise that is done has no races left
                .actorsAfter(1)
                .check(Calls.class);
    }
}
