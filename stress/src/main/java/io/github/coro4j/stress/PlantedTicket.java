package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The control for a start that draws a ticket, then looks whether the scope is closed: this one looks first. So the
 * close may miss a task that was accepted.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Accepted, and the close saw the ticket")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The close came first")
@State
public class PlantedTicket {
    private final AtomicInteger tickets = new AtomicInteger();
    private volatile boolean closed;

    @Actor
    public void start(ZZ_Result result) {
        if (!closed) {
            tickets.incrementAndGet();
            result.r1 = true;
        }
    }

    @Actor
    public void close(ZZ_Result result) {
        closed = true;
        result.r2 = tickets.get() != 0;
    }
}
