package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A future with no watcher, one, or a list of them, that change while it ends. Everything that is read here happens on the
 * stack of the thread that completes the future, or of one that adds a watcher after the end.
 */
public final class WatcherStress {
    private WatcherStress() {}

    private static Object end(Future<?> future) {
        return future.isDone() ? future.result() : "pending";
    }

    @JCStressTest
    @Outcome(id = "\\[1\\], 1", expect = ACCEPTABLE, desc = "Both were called")
    @State
    public static class TwoAddAgainstEnd {
        private final Promise<Integer> promise = Promise.create();
        private Future<List<Integer>> gather;
        private Future<Integer> shield;

        @Actor
        public void add() {
            gather = Gather.<Integer>of(promise).all();
            shield = promise.shield();
        }

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Arbiter
        public void read(LL_Result result) {
            result.r1 = end(gather);
            result.r2 = end(shield);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The one that stays is called")
    @State
    public static class LeaveAgainstEnd {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> leaves = promise.shield();
        private final Future<Integer> stays = promise.shield();

        @Actor
        public void leave() {
            leaves.cancel("enough");
        }

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = end(stays);
        }
    }

    @JCStressTest
    @Outcome(
            id = "1",
            expect = ACCEPTABLE,
            desc = "The new one is called, though the list is cleaned meanwhile")
    @State
    public static class AddAgainstLeave {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> leaves = promise.shield();
        private Future<Integer> added;

        @Actor
        public void leave() {
            leaves.cancel("enough");
        }

        @Actor
        public void add() {
            added = promise.shield();
        }

        @Arbiter
        public void read(L_Result result) {
            promise.complete(1);
            result.r1 = end(added);
        }
    }
}
