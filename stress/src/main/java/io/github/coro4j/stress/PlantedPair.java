package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The control for pairs that write first and look afterwards: these writes have no fence, so neither sees the other. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both saw the other")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The first was last")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The second was last")
@State
public class PlantedPair {
    private boolean one;
    private boolean two;

    @Actor
    public void one(ZZ_Result result) {
        one = true;
        result.r1 = two;
    }

    @Actor
    public void two(ZZ_Result result) {
        two = true;
        result.r2 = one;
    }
}
