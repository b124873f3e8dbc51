package io.github.coro4j.stress;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;

/** Runs a block in many schedules, and knows that a request to cancel looks at the stack by recursion. */
final class Schedules {
    /** Above the depth of that look, which Lincheck would otherwise take for a loop without an end. */
    static final int RECURSION_BOUND = 1_000;

    private static final boolean NOT_THE_JDK = false;
    private static final int ITERATIONS_BEFORE_SWITCH = 10;
    private static final int LOOP_BOUND = 50;

    private Schedules() {}

    /** The public form takes no settings. This one is public to the JVM alone; a new version may rename it. */
    static void run(int schedules, Runnable block) {
        Lincheck.runConcurrentTestInternal$lincheck(
                schedules,
                new LincheckSettings(
                        NOT_THE_JDK, ITERATIONS_BEFORE_SWITCH, LOOP_BOUND, RECURSION_BOUND),
                block);
    }
}
