package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** Children of a group that end at the same time, or while the group is cancelled. */
public final class GatherStress {
    private GatherStress() {}

    @JCStressTest
    @Outcome(id = "\\[1, 2\\]", expect = ACCEPTABLE, desc = "Both values, in order")
    @State
    public static class LastOfFutures {
        private final Promise<Integer> first = Promise.create();
        private final Promise<Integer> second = Promise.create();
        private final Future<List<Integer>> all = Gather.of(first, second).all();

        @Actor
        public void one() {
            first.complete(1);
        }

        @Actor
        public void two() {
            second.complete(2);
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = all.isDone() ? all.result() : "pending";
        }
    }

    @JCStressTest
    @Outcome(id = "true, cancelled", expect = ACCEPTABLE, desc = "The cancel came first")
    @Outcome(id = "false, success", expect = ACCEPTABLE, desc = "The last child came first")
    @State
    public static class CancelAgainstLastOfFutures {
        private final Promise<Integer> promise = Promise.create();
        private final Future<List<Integer>> all = Gather.<Integer>of(promise).all();

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void cancel(ZL_Result result) {
            result.r1 = all.cancel("late");
        }

        @Arbiter
        public void read(ZL_Result result) {
            result.r2 = Ends.of(all);
        }
    }

    /** Two bodies that fail: one failure surfaces, the other is reported, and the scope is empty. */
    @JCStressTest
    @Outcome(id = "failure, 1", expect = ACCEPTABLE, desc = "One surfaced, one was reported")
    @State
    public static class FailAgainstFail {
        private final List<Runnable> bodies = new ArrayList<>(2);
        private final AtomicInteger reports = new AtomicInteger();
        private final TaskScope scope =
                TaskScope.builder()
                        .name("fails")
                        .executor(bodies::add)
                        .failureListener(report -> reports.incrementAndGet())
                        .open();
        private final Future<List<Object>> all =
                scope.gather(
                                List.of(1, 2),
                                item -> {
                                    throw new Exception("planned " + item);
                                })
                        .all();

        @Actor
        public void one() {
            bodies.get(0).run();
        }

        @Actor
        public void two() {
            bodies.get(1).run();
        }

        @Arbiter
        public void read(LI_Result result) {
            result.r1 = Ends.of(all);
            // Hangs if a child, or the group, is still counted as living here.
            scope.close();
            result.r2 = reports.get();
        }
    }

    /** The child that gives its permit back begins the next one, which is there to be run. */
    @JCStressTest
    @Outcome(id = "\\[1, 2, 3\\]", expect = ACCEPTABLE, desc = "No permit was lost")
    @State
    public static class LimitAgainstEnds {
        private final List<Runnable> bodies =
                java.util.Collections.synchronizedList(new ArrayList<>(3));
        private final TaskScope scope =
                TaskScope.builder().name("limit").executor(bodies::add).open();
        private final Future<List<Integer>> all =
                scope.gather(List.of(1, 2, 3), item -> item).concurrency(2).all();

        @Actor
        public void one() {
            bodies.get(0).run();
        }

        @Actor
        public void two() {
            bodies.get(1).run();
        }

        @Arbiter
        public void read(L_Result result) {
            bodies.get(2).run();
            result.r1 = bodies.size() == 3 && all.isDone() ? all.result() : "pending";
            scope.close();
        }
    }
}
