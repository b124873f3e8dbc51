package io.github.coro4j.interop.chaos;

/** The executors that a round may give to a scope. */
enum ExecutorKind {
    /** None: the enclosing scope's, or the engine's own. */
    DEFAULT(40, 50),
    ONE_THREAD(10, 10),
    FEW_THREADS(14, 10),
    FORK_JOIN(10, 6),
    /** Runs what it is given on the stack of whoever gives it. */
    ON_THE_SPOT(4, 4),
    /** Refuses some. */
    REJECTING(6, 6),
    /** Refuses some, with an error that no executor should throw. */
    FAILING(3, 3),
    /** Runs some on the spot, and then says that it has refused them. */
    RUNS_AND_REJECTS(3, 3),
    /** Runs everything a second time. */
    TWICE(3, 3),
    /** Keeps some until the round ends. */
    STALLING(3, 3),
    /** Does not return from some calls until the round ends. */
    BLOCKING(1, 1),
    /** Is shut down after some. What it has is run. */
    DYING(1, 1),
    /** Is shut down after some; its threads are interrupted, and what it has is never run. No callbacks: those must run. */
    DROPPING(2, 0);

    private final int forBodies;
    private final int forCallbacks;

    ExecutorKind(int forBodies, int forCallbacks) {
        this.forBodies = forBodies;
        this.forCallbacks = forCallbacks;
    }

    static ExecutorKind forBodies(int percent) {
        int left = percent;
        for (ExecutorKind each : values()) {
            left -= each.forBodies;
            if (left < 0) {
                return each;
            }
        }
        return DEFAULT;
    }

    static ExecutorKind forCallbacks(int percent) {
        int left = percent;
        for (ExecutorKind each : values()) {
            left -= each.forCallbacks;
            if (left < 0) {
                return each;
            }
        }
        return DEFAULT;
    }
}
