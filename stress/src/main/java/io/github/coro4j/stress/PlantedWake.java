package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The control for a refused start, which draws a ticket and gives it back, then wakes the waiters: this one looks for
 * a waiter before it gives the ticket back. So a waiter that sees the ticket may sleep for ever.
 */
@JCStressTest
@Outcome(id = "true, .*", expect = ACCEPTABLE, desc = "The start woke the waiter")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The waiter did not go to sleep")
@State
public class PlantedWake {
    private final AtomicInteger live = new AtomicInteger();
    private volatile boolean waits;

    @Actor
    public void refusedStart(ZZ_Result result) {
        live.incrementAndGet();
        result.r1 = waits;
        live.decrementAndGet();
    }

    @Actor
    public void waitForEnd(ZZ_Result result) {
        waits = true;
        result.r2 = live.get() != 0;
    }
}
