package io.github.coro4j.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The handshake between the thread of a body and one that cancels it. */
class PhaseLincheckTest {
    private static final int SCHEDULES = 200;

    @Test
    void aCancelMeetsTheBodyBeforeInOrAfterItAndLeavesNoInterruptBehind() {
        Schedules.run(
                SCHEDULES,
                () -> {
                    AtomicBoolean ran = new AtomicBoolean();
                    AtomicBoolean interrupted = new AtomicBoolean();
                    ByHand<Boolean> byHand = new ByHand<>(() -> ran.compareAndSet(false, true));
                    Other worker =
                            Other.runs(
                                    () -> {
                                        byHand.run();
                                        interrupted.set(Thread.interrupted());
                                    });
                    boolean cancelled = byHand.task.cancel("late");
                    worker.join();
                    assertFalse(interrupted.get(), "the interrupt outlived the body");
                    assertTrue(byHand.task.isDone());
                    assertEquals(cancelled, byHand.task.isCancelled());
                    assertTrue(ran.get() || cancelled, "neither run nor cancelled");
                });
    }

    @Test
    void aBodyRunsOnceOnWhicheverThread() {
        Schedules.run(
                SCHEDULES,
                () -> {
                    AtomicInteger runs = new AtomicInteger();
                    ByHand<Integer> byHand = new ByHand<>(runs::incrementAndGet);
                    Other worker = Other.runs(byHand::run);
                    byHand.run();
                    worker.join();
                    assertEquals(1, runs.get());
                    assertTrue(byHand.task.isDone());
                });
    }
}
