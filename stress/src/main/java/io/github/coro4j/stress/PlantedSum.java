package io.github.coro4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The control for a list that is empty if two counts are equal: this reader takes the jobs added first and the jobs
 * ended afterwards. So a job that comes and goes in between hides the one that is there all the time.
 */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "A job is there all the time")
@State
public class PlantedSum {
    /** One round is over before the other actor begins, most of the time. */
    private static final int ROUNDS = 10;

    private final AtomicInteger drawn = new AtomicInteger(1);
    private final AtomicInteger ended = new AtomicInteger();

    @Actor
    public void comeAndGo() {
        for (int i = 0; i < ROUNDS; i++) {
            drawn.incrementAndGet();
            ended.incrementAndGet();
        }
    }

    @Actor
    public void look(Z_Result result) {
        for (int i = 0; i < ROUNDS; i++) {
            int first = drawn.get();
            result.r1 |= first == ended.get();
        }
    }
}
