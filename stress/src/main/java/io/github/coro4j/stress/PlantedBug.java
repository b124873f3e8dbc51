package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The control: a promise that both can win. A search that does not find this proves nothing. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The first won")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The second won")
@State
public class PlantedBug {
    private volatile boolean decided;

    @Actor
    public void one(ZZ_Result result) {
        result.r1 = decide();
    }

    @Actor
    public void two(ZZ_Result result) {
        result.r2 = decide();
    }

    private boolean decide() {
        if (decided) {
            return false;
        }
        decided = true;
        return true;
    }
}
