package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The control for what moves between places that are looked at one by one: each place is counted without a lock, and
 * this look is taken once, where a scope takes it twice.
 */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "It is in one of the two places at any time")
@State
public class PlantedMove {
    private final AtomicInteger later = new AtomicInteger();
    private final AtomicInteger sooner = new AtomicInteger(1);

    @Actor
    public void move() {
        later.incrementAndGet();
        sooner.decrementAndGet();
        sooner.incrementAndGet();
        later.decrementAndGet();
    }

    @Actor
    public void look(Z_Result result) {
        result.r1 = later.get() == 0 && sooner.get() == 0;
    }
}
