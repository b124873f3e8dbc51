package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/**
 * Of two threads that end a promise exactly one gets {@code true}, and every reader sees its end.
 *
 * <p>Once for each number of handlers: without one, kotlinx.coroutines completes in a single step; with one, and with a
 * list of them, in two steps, between which its own {@code complete} can be overridden by a cancel.
 */
public final class PromiseStress {
    private PromiseStress() {}

    @Outcome(id = "true, false, success", expect = ACCEPTABLE, desc = "The value came first")
    @Outcome(id = "false, true, cancelled", expect = ACCEPTABLE, desc = "The cancel came first")
    public static final class ValueOrCancel {
        private ValueOrCancel() {}
    }

    @JCStressTest
    @JCStressMeta(ValueOrCancel.class)
    @State
    public static class CompleteAgainstCancel {
        private final Promise<Integer> promise = Promise.create();

        @Actor
        public void complete(ZZL_Result result) {
            result.r1 = promise.complete(1);
        }

        @Actor
        public void cancel(ZZL_Result result) {
            result.r2 = promise.cancel("late");
        }

        @Arbiter
        public void read(ZZL_Result result) {
            result.r3 = Ends.of(promise);
        }
    }

    @JCStressTest
    @JCStressMeta(ValueOrCancel.class)
    @State
    public static class CompleteAgainstCancelWithOneHandler {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> follower = promise.shield();

        @Actor
        public void complete(ZZL_Result result) {
            result.r1 = promise.complete(1);
        }

        @Actor
        public void cancel(ZZL_Result result) {
            result.r2 = promise.cancel("late");
        }

        @Arbiter
        public void read(ZZL_Result result) {
            result.r3 = Ends.ofAll(promise, follower);
        }
    }

    @JCStressTest
    @JCStressMeta(ValueOrCancel.class)
    @State
    public static class CompleteAgainstCancelWithTwoHandlers {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> first = promise.shield();
        private final Future<Integer> second = promise.shield();

        @Actor
        public void complete(ZZL_Result result) {
            result.r1 = promise.complete(1);
        }

        @Actor
        public void cancel(ZZL_Result result) {
            result.r2 = promise.cancel("late");
        }

        @Arbiter
        public void read(ZZL_Result result) {
            result.r3 = Ends.ofAll(promise, first, second);
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first came first")
    @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second came first")
    @State
    public static class CompleteAgainstComplete {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> first = promise.shield();
        private final Future<Integer> second = promise.shield();

        @Actor
        public void one(ZZL_Result result) {
            result.r1 = promise.complete(1);
        }

        @Actor
        public void two(ZZL_Result result) {
            result.r2 = promise.complete(2);
        }

        @Arbiter
        public void read(ZZL_Result result) {
            Integer value = promise.result();
            result.r3 =
                    value.equals(first.result()) && value.equals(second.result())
                            ? value
                            : "the followers differ";
        }
    }

    @JCStressTest
    @Outcome(id = "true, false, success", expect = ACCEPTABLE, desc = "The value came first")
    @Outcome(id = "false, true, failure", expect = ACCEPTABLE, desc = "The failure came first")
    @State
    public static class CompleteAgainstFail {
        /** One for all: what is looked for is not in the exception. */
        private static final Exception FAILURE = new Exception("planned");

        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> first = promise.shield();
        private final Future<Integer> second = promise.shield();

        @Actor
        public void complete(ZZL_Result result) {
            result.r1 = promise.complete(1);
        }

        @Actor
        public void fail(ZZL_Result result) {
            result.r2 = promise.fail(FAILURE);
        }

        @Arbiter
        public void read(ZZL_Result result) {
            result.r3 = Ends.ofAll(promise, first, second);
        }
    }

    /** The loser of the race gets {@code false} only when the winner's end can be read. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "First, or the winner's end was there")
    @State
    public static class LoserSeesTheEnd {
        private final Promise<Integer> promise = Promise.create();

        @Actor
        public void complete(LL_Result result) {
            result.r1 = promise.complete(1) || promise.isDone();
        }

        @Actor
        public void cancel(LL_Result result) {
            result.r2 = promise.cancel("late") || promise.isDone() && promise.result() == 1;
        }
    }
}
