package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Scopes that are closed and waited for while things begin, end and move in them. Each hangs if it counts wrong. */
public final class ScopeStress {
    private ScopeStress() {}

    @JCStressTest
    @Outcome(id = "refused, true", expect = ACCEPTABLE, desc = "The close came first")
    @Outcome(
            id = "(success|cancelled), true",
            expect = ACCEPTABLE,
            desc = "It got in, and its body was over before close returned")
    @State
    public static class StartAgainstClose {
        private final TaskScope scope =
                TaskScope.builder().name("closing").executor(Runnable::run).open();
        private volatile Task<Integer> started;
        private int runs;
        private int runsAtReturn;

        @Actor
        public void start() {
            try {
                started = scope.start(() -> ++runs);
            } catch (IllegalStateException e) {
                // refused
            }
        }

        @Actor
        public void close() {
            scope.close();
            runsAtReturn = runs;
        }

        @Arbiter
        public void read(LZ_Result result) {
            result.r1 = started == null ? "refused" : Ends.of(started);
            result.r2 = runs == runsAtReturn;
        }
    }

    /** A task opens a scope inside one that is being closed: refused, or waited for. */
    @JCStressTest
    @Outcome(id = "unbegun, true", expect = ACCEPTABLE, desc = "Cancelled before it began")
    @Outcome(id = "refused, true", expect = ACCEPTABLE, desc = "The close came first")
    @Outcome(id = "closed, true", expect = ACCEPTABLE, desc = "It got in, and close waited for it")
    @State
    public static class OpenAgainstClose {
        private final List<Runnable> bodies = new ArrayList<>(1);
        private final TaskScope scope =
                TaskScope.builder().name("outer").executor(bodies::add).open();
        private volatile String end = "unbegun";
        private volatile boolean isInside;

        public OpenAgainstClose() {
            scope.launch(this::open);
        }

        private void open() {
            try (TaskScope inner = TaskScope.open("inner")) {
                isInside = true;
                inner.cancel("done");
                isInside = false;
                end = "closed";
            } catch (IllegalStateException e) {
                end = "refused";
            }
        }

        @Actor
        public void run() {
            bodies.get(0).run();
        }

        @Actor
        public void close(LL_Result result) {
            scope.close();
            result.r2 = !isInside;
        }

        @Arbiter
        public void read(LL_Result result) {
            result.r1 = end;
        }
    }

    /** The end of a body moves on to a derived future, and to a callback: a join sees it in one of the places. */
    @JCStressTest
    @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "All had ended when join returned")
    @State
    public static class JoinAgainstHandOn {
        private final ThreadLocal<Runnable> kept = new ThreadLocal<>();
        private final AtomicInteger callbacks = new AtomicInteger();
        private final TaskScope scope =
                TaskScope.builder().name("moving").executor(this::execute).open();
        private final Task<Integer> task = scope.start(() -> 1);
        private final Runnable body = take();
        private final Future<Integer> mapped = task.map(value -> value + 1);

        public JoinAgainstHandOn() {
            task.addDoneCallback(done -> callbacks.incrementAndGet());
            mapped.addDoneCallback(done -> callbacks.incrementAndGet());
        }

        /** Clears the thread-local, because its value refers back to it and would leak. */
        private Runnable take() {
            Runnable first = kept.get();
            kept.remove();
            return first;
        }

        /** The first body runs when an actor says so, the function on the spot. */
        private void execute(Runnable work) {
            if (body == null) {
                kept.set(work);
            } else {
                work.run();
            }
        }

        @Actor
        public void run() {
            body.run();
        }

        @Actor
        public void join(ZI_Result result) {
            scope.join();
            result.r1 = mapped.isDone();
            result.r2 = callbacks.get();
        }
    }

    @JCStressTest
    @Outcome(id = "0|1", expect = ACCEPTABLE, desc = "Read, or reported once")
    @State
    public static class ReadAgainstReport {
        private final AtomicInteger reports = new AtomicInteger();
        private final TaskScope scope = failing(reports);
        private final Task<?> task = scope.launch(ScopeStress::fail);

        @Actor
        public void read() {
            task.exception();
        }

        @Actor
        public void close() {
            scope.close();
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = reports.get();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Once, and before either close returned")
    @State
    public static class CloseAgainstClose {
        private final AtomicInteger reports = new AtomicInteger();
        private final TaskScope scope = failing(reports);

        public CloseAgainstClose() {
            scope.launch(ScopeStress::fail);
        }

        @Actor
        public void one(LL_Result result) {
            scope.close();
            result.r1 = reports.get();
        }

        @Actor
        public void two(LL_Result result) {
            scope.close();
            result.r2 = reports.get();
        }
    }

    /** Two tasks that wait for each other: the last to say so sees both. Hangs if neither does. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "At least one got the exception")
    @State
    public static class WaitAgainstWait {
        private final ByHand<Object> a = new ByHand<>(() -> waitFor(false));
        private final ByHand<Object> b = new ByHand<>(() -> waitFor(true));
        private final AtomicInteger circles = new AtomicInteger();

        private Object waitFor(boolean forA) {
            try {
                return (forA ? a : b).task.join();
            } catch (DeadlockException e) {
                circles.incrementAndGet();
                return "circle";
            }
        }

        @Actor
        public void one() {
            a.run();
        }

        @Actor
        public void two() {
            b.run();
        }

        @Arbiter
        public void read(L_Result result) {
            // A body that had ended before the other began does not wait.
            result.r1 = circles.get() > 0 && a.task.isDone() && b.task.isDone();
        }
    }

    private static TaskScope failing(AtomicInteger reports) {
        return TaskScope.builder()
                .name("failing")
                .executor(Runnable::run)
                .failureListener(report -> reports.incrementAndGet())
                .open();
    }

    private static void fail() throws Exception {
        throw new Exception("planned");
    }
}
