package io.github.coro4j.examples;

/**
 * Makes bodies that run in parallel print in the order of their turns, and go on when each has had its turn: what the one
 * thread of asyncio does to tasks that print and then sleep for the same time.
 */
final class TourTurns {
    private final TourStage stage;
    private final int turns;
    private int taken;

    TourTurns(TourStage stage, int turns) {
        this.stage = stage;
        this.turns = turns;
    }

    synchronized void print(int turn, Object line) throws InterruptedException {
        awaitTaken(turn);
        stage.print(line);
        taken++;
        notifyAll();
        awaitTaken(turns);
    }

    private synchronized void awaitTaken(int count) throws InterruptedException {
        while (taken < count) {
            wait();
        }
    }
}
