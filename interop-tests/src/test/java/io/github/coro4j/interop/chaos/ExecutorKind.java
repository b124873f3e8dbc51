package io.github.coro4j.interop.chaos;

/** The executors that a round may give to a scope. */
enum ExecutorKind {
    /** No executor is given, so the scope uses that of the enclosing scope, or the engine's pool. */
    DEFAULT(40, 50),
    ONE_THREAD(10, 10),
    FEW_THREADS(14, 10),
    FORK_JOIN(10, 6),
    /** Runs the work on the caller's stack. */
    ON_THE_SPOT(4, 4),
    /** Refuses some calls. */
    REJECTING(6, 6),
    /** Refuses some calls with an error that no executor should throw. */
    FAILING(3, 3),
    /** Runs some work on the caller's stack, and then throws a refusal. */
    RUNS_AND_REJECTS(3, 3),
    /** Runs all work a second time. */
    TWICE(3, 3),
    /** Keeps some work until the round ends. */
    STALLING(3, 3),
    /** Does not return from some calls until the round ends. */
    BLOCKING(1, 1),
    /** Is shut down after some calls, and runs the work that it has accepted. */
    DYING(1, 1),
    /**
     * Is shut down after some calls, with an interrupt of its threads, and never runs the work in its queue. It is not used for
     * callbacks, which must run.
     */
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
