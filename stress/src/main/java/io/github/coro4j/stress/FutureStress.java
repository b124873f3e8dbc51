package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** What a future makes on first use, and timers that meet ends. */
public final class FutureStress {
    private FutureStress() {}

    @JCStressTest
    @Outcome(id = "same", expect = ACCEPTABLE, desc = "Both readers get one name")
    @State
    public static class NameAgainstName {
        private final ByHand<Integer> byHand = new ByHand<>(() -> 1);
        private volatile String one;
        private volatile String two;

        @Actor
        public void one() {
            one = byHand.task.name();
        }

        @Actor
        public void two() {
            two = byHand.task.name();
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = one == two ? "same" : one + " and " + two;
            byHand.run(); // or its scope keeps it
        }
    }

    /** The handle of a group's child is made when the child is first read. */
    @JCStressTest
    @Outcome(id = "same", expect = ACCEPTABLE, desc = "Both readers get one handle")
    @State
    public static class ChildAgainstChild {
        private final List<Runnable> bodies = new ArrayList<>(1);
        private final TaskScope scope =
                TaskScope.builder().name("children").executor(bodies::add).open();
        private volatile Task<?> one;
        private volatile Task<?> two;

        public ChildAgainstChild() {
            scope.gather(List.of(1), item -> item).all();
        }

        @Actor
        public void one() {
            one = scope.tasks().iterator().next();
        }

        @Actor
        public void two() {
            two = scope.tasks().iterator().next();
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = one == two ? "same" : "two handles";
            bodies.get(0).run();
        }
    }

    /** The time passes while the source ends: of the end there is one, and it is the source's or a timeout. */
    @JCStressTest
    @Outcome(id = "success, success", expect = ACCEPTABLE, desc = "It ended in time")
    @Outcome(id = "failure, cancelled", expect = ACCEPTABLE, desc = "The time came first")
    @Outcome(id = "cancelled, cancelled", expect = ACCEPTABLE, desc = "The cancel came first")
    @Outcome(
            id = "failure, success",
            expect = ACCEPTABLE,
            desc = "The time came first, its cancel too late")
    @Outcome(
            id = "cancelled, success",
            expect = ACCEPTABLE,
            desc = "Cancelled, but that came to the source too late")
    @State
    public static class TimeAgainstEnd {
        private final Promise<Integer> promise = Promise.create();
        private final Future<Integer> inTime = promise.orTimeout(Duration.ofNanos(1));

        @Actor
        public void complete() {
            promise.complete(1);
        }

        @Actor
        public void cancel() {
            inTime.cancel("late");
        }

        @Arbiter
        public void read(LL_Result result) {
            inTime.joinOutcome();
            result.r1 = Ends.of(inTime);
            result.r2 = Ends.of(promise);
        }
    }

    /** The group is cancelled while its only permit goes from one child to the next. */
    @JCStressTest
    @Outcome(id = "cancelled", expect = ACCEPTABLE, desc = "And done: no child was forgotten")
    @State
    public static class CancelAgainstPermit {
        private final List<Runnable> bodies = new ArrayList<>(3);
        private final TaskScope scope =
                TaskScope.builder().name("permits").executor(this::keep).open();
        private final Future<List<Integer>> all =
                scope.gather(List.of(1, 2, 3), item -> item).concurrency(1).all();

        private void keep(Runnable body) {
            synchronized (bodies) {
                bodies.add(body);
            }
        }

        private Runnable body(int index) {
            synchronized (bodies) {
                return index < bodies.size() ? bodies.get(index) : null;
            }
        }

        @Actor
        public void run() {
            body(0).run();
        }

        @Actor
        public void cancel() {
            all.cancel("enough");
        }

        @Arbiter
        public void read(L_Result result) {
            for (int i = 1; body(i) != null; i++) {
                body(i).run();
            }
            result.r1 = Ends.of(all);
        }
    }
}
