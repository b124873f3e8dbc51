package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The list of a scope's jobs: starts and ends against the threads that close, cancel, wait and look. The actors run on
 * two threads, because jcstress skips a test with more actors than processors. The engine's pool is the third.
 *
 * <p>A close of a scope with its own executor looks again after some milliseconds, so it hides a lost wake-up. A join
 * does not, and neither does a close of a scope on the engine's pool: they hang.
 */
public final class JobsStress {
    private JobsStress() {}

    /** Each refused start draws a ticket. If the join sees one and sleeps, the refused start wakes it. */
    @JCStressTest
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "All were refused, and join returned")
    @State
    public static class RefusalAgainstJoin {
        private final TaskScope scope =
                TaskScope.builder().name("closed").executor(Runnable::run).open();

        public RefusalAgainstJoin() {
            scope.close();
        }

        @Actor
        public void start(I_Result result) {
            for (int i = 0; i < 3; i++) {
                if (startIn(scope, () -> 1) == null) {
                    result.r1++;
                }
            }
        }

        @Actor
        public void join() {
            scope.join();
        }
    }

    /** A body on the engine's pool starts a task, and so does an actor, while another actor closes the scope. */
    @JCStressTest
    @Outcome(
            id = "over",
            expect = ACCEPTABLE,
            desc = "What was accepted had ended when close returned")
    @State
    public static class TwoStartsAgainstClose {
        private final AtomicInteger runs = new AtomicInteger();
        private final TaskScope scope = TaskScope.open("closing");
        private volatile Task<?> outer;
        private volatile Task<?> inner;
        private volatile Task<?> other;
        private int runsAtReturn;

        @Actor
        public void start() {
            outer = startIn(scope, this::startInner);
            other = startIn(scope, runs::incrementAndGet);
        }

        private int startInner() {
            inner = startIn(scope, runs::incrementAndGet);
            return runs.incrementAndGet();
        }

        @Actor
        public void close() {
            scope.close();
            runsAtReturn = runs.get();
        }

        @Arbiter
        public void read(L_Result result) {
            boolean areDone = isDone(outer) && isDone(inner) && isDone(other);
            result.r1 = !areDone ? "pending" : runs.get() != runsAtReturn ? "ran later" : "over";
        }

        private static boolean isDone(Task<?> task) {
            return task == null || task.isDone();
        }
    }

    /** The executor drops the bodies, so only the cancel ends the tasks. */
    @JCStressTest
    @Outcome(id = "cancelled, cancelled", expect = ACCEPTABLE, desc = "The cancel missed neither")
    @State
    public static class TwoStartsAgainstCancel {
        private final TaskScope scope =
                TaskScope.builder().name("cancelled").executor(body -> {}).open();
        private Task<?> one;
        private Task<?> two;

        @Actor
        public void start() {
            one = scope.start(() -> 1);
        }

        @Actor
        public void startThenCancel() {
            two = scope.start(() -> 2);
            scope.cancel("enough");
        }

        @Arbiter
        public void read(LL_Result result) {
            result.r1 = Ends.of(one);
            result.r2 = Ends.of(two);
        }
    }

    /** A task is in the list all the time. If jobs that come and go hid it, the close would not cancel it. */
    @JCStressTest
    @Outcome(id = "cancelled", expect = ACCEPTABLE, desc = "The close saw the task that stays")
    @State
    public static class PassersAgainstClose {
        private final List<Runnable> kept = new ArrayList<>(1);
        private final TaskScope scope =
                TaskScope.builder().name("passed").executor(this::execute).open();
        private final Task<?> stays = scope.start(() -> 1);

        /** Keeps the first body, and runs the others on the spot. */
        private void execute(Runnable body) {
            if (kept.isEmpty()) {
                kept.add(body);
            } else {
                body.run();
            }
        }

        @Actor
        public void pass() {
            for (int i = 0; i < 4; i++) {
                startIn(scope, () -> 2);
            }
        }

        @Actor
        public void close() {
            scope.close();
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = Ends.of(stays);
        }
    }

    /** Two threads end a task each, and one of them joins. It sees what both bodies wrote without fences. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Join saw both ends")
    @State
    public static class TwoEndsAgainstJoin {
        private final List<Runnable> bodies = new ArrayList<>(2);
        private final TaskScope scope =
                TaskScope.builder().name("ending").executor(bodies::add).open();
        private int one;
        private int two;

        public TwoEndsAgainstJoin() {
            scope.launch(() -> one = 1);
            scope.launch(() -> two = 2);
        }

        @Actor
        public void end() {
            bodies.get(0).run();
        }

        @Actor
        public void endThenJoin(II_Result result) {
            bodies.get(1).run();
            scope.join();
            result.r1 = one;
            result.r2 = two;
        }
    }

    /** A task is started and another ended, while an actor looks at the tasks. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "No undone task was missing")
    @State
    public static class LookAgainstStartAndEnd {
        private final List<Runnable> bodies = new ArrayList<>(3);
        private final TaskScope scope =
                TaskScope.builder().name("looked at").executor(bodies::add).open();
        private final Task<?> ends = scope.start(() -> 1);
        private final Task<?> stays = scope.start(() -> 2);
        private volatile Task<?> started;

        @Actor
        public void startAndEnd() {
            started = scope.start(() -> 3);
            bodies.get(0).run();
        }

        @Actor
        public void look(ZZ_Result result) {
            Task<?> before = started;
            Set<Task<?>> tasks = scope.tasks();
            boolean isEnding = tasks.contains(ends) || ends.isDone();
            result.r1 = tasks.contains(stays) && isEnding && !tasks.contains(null);
            result.r2 = before == null || tasks.contains(before);
        }
    }

    /** Returns null if the scope refuses the body. */
    private static Task<?> startIn(TaskScope scope, Callable<?> body) {
        try {
            return scope.start(body);
        } catch (IllegalStateException e) {
            return null;
        }
    }
}
