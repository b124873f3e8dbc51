package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LZL_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A body's thread against one that cancels, reads, or runs the body too. */
public final class TaskStress {
    private TaskStress() {}

    /** The interrupt of a cancel stays with the body that it is for, whatever the timing. */
    @JCStressTest
    @Outcome(id = "false, true, cancelled", expect = ACCEPTABLE, desc = "The cancel came first")
    @Outcome(id = "false, false, success", expect = ACCEPTABLE, desc = "The end came first")
    @State
    public static class CancelAgainstEnd {
        private final ByHand<Integer> byHand = new ByHand<>(() -> 1);

        @Actor
        public void run(ZZL_Result result) {
            byHand.run();
            result.r1 = Thread.interrupted();
        }

        @Actor
        public void cancel(ZZL_Result result) {
            result.r2 = byHand.task.cancel("late");
        }

        @Arbiter
        public void read(ZZL_Result result) {
            result.r3 = Ends.of(byHand.task);
        }
    }

    /** No interrupt is lost either: a body that blocks is always freed. */
    @JCStressTest
    @Outcome(id = "not run, false, cancelled", expect = ACCEPTABLE, desc = "Before it began")
    @Outcome(id = "interrupted, false, cancelled", expect = ACCEPTABLE, desc = "While it ran")
    @State
    public static class CancelAgainstBlock {
        private volatile String story = "not run";
        private final ByHand<Integer> byHand = new ByHand<>(this::block);

        private Integer block() throws InterruptedException {
            story = "began";
            try {
                // Never opened; the limit turns a lost interrupt into a result.
                new CountDownLatch(1).await(10, TimeUnit.SECONDS);
                story = "not interrupted";
            } catch (InterruptedException e) {
                story = "interrupted";
                throw e;
            }
            return 1;
        }

        @Actor
        public void run(LZL_Result result) {
            byHand.run();
            result.r2 = Thread.interrupted();
        }

        @Actor
        public void cancel() {
            byHand.task.cancel("late");
        }

        @Arbiter
        public void read(LZL_Result result) {
            result.r1 = story;
            result.r3 = Ends.of(byHand.task);
        }
    }

    /** If the task is done when cancel returns and the body has not begun, then it never will. */
    @JCStressTest
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "Ended unbegun")
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "Begun, and over")
    @Outcome(id = "false, .*, true", expect = ACCEPTABLE, desc = "Begun, and not over yet")
    @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "Claimed, then not begun")
    @State
    public static class CancelAgainstBegin {
        private volatile boolean begun;
        private final ByHand<Boolean> byHand = new ByHand<>(() -> begun = true);

        @Actor
        public void run() {
            byHand.run();
        }

        @Actor
        public void cancel(ZZZ_Result result) {
            byHand.task.cancel("early");
            result.r1 = byHand.task.isDone();
            result.r2 = begun;
        }

        @Arbiter
        public void read(ZZZ_Result result) {
            result.r3 = begun;
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The first thread ran it")
    @State
    public static class RunAgainstRun {
        private int runs;
        private final ByHand<Integer> byHand = new ByHand<>(() -> ++runs);

        @Actor
        public void one() {
            byHand.run();
        }

        @Actor
        public void two() {
            byHand.run();
        }

        @Arbiter
        public void read(I_Result result) {
            result.r1 = byHand.task.result();
        }
    }

    /** A thread that sees the end also sees what the starter and the body wrote before it, without fences. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Not done yet")
    @Outcome(id = "3, 4", expect = ACCEPTABLE, desc = "Done, and all of it seen")
    @State
    public static class ReadAgainstEnd {
        private int before;
        private int inside;
        private final ByHand<Integer> byHand = start();

        private ByHand<Integer> start() {
            before = 1;
            return new ByHand<>(
                    () -> {
                        inside = before + 1;
                        return inside + 2;
                    });
        }

        @Actor
        public void run() {
            byHand.run();
        }

        @Actor
        public void read(II_Result result) {
            if (byHand.task.isDone()) {
                result.r1 = before + inside;
                result.r2 = byHand.task.result();
            }
        }
    }
}
