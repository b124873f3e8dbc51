package io.github.coro4j.interop.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An executor that misbehaves as its {@link ExecutorKind} says, on top of a well-behaved executor. {@link #end()} frees the work
 * that it has kept.
 */
final class UnrulyExecutor implements Executor {
    private final ExecutorKind kind;
    private final ExecutorService below;
    private final Latch ended;
    private final int patience;
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Runnable> kept = new ArrayList<>();

    /**
     * @param patience the number of calls after which it misbehaves, and the interval of later misbehaviour
     * @param ended opens when the round ends
     */
    UnrulyExecutor(ExecutorKind kind, ExecutorService below, int patience, Latch ended) {
        this.kind = kind;
        this.below = below;
        this.patience = patience;
        this.ended = ended;
    }

    @Override
    public void execute(Runnable work) {
        int call = calls.incrementAndGet();
        boolean isItsTurn = call % (patience + 1) == 0;
        switch (kind) {
            case ON_THE_SPOT -> work.run();
            case REJECTING -> {
                if (isItsTurn) {
                    throw new Marked.Rejection("rejected, call " + call);
                }
                below.execute(work);
            }
            case FAILING -> {
                if (isItsTurn) {
                    throw new LinkageError("failed, call " + call);
                }
                below.execute(work);
            }
            case RUNS_AND_REJECTS -> {
                if (isItsTurn) {
                    work.run();
                    throw new Marked.Rejection("run and rejected, call " + call);
                }
                below.execute(work);
            }
            case TWICE -> {
                below.execute(work);
                below.execute(work);
            }
            case STALLING -> {
                if (!isItsTurn || !keep(work)) {
                    below.execute(work);
                }
            }
            case BLOCKING -> {
                if (isItsTurn) {
                    ended.awaitUninterruptibly();
                }
                below.execute(work);
            }
            // A ThreadPoolExecutor may keep its last work for ever if a shutdown comes during
            // another call of execute().
            case DYING -> {
                synchronized (below) {
                    below.execute(work);
                    if (isItsTurn) {
                        below.shutdown();
                    }
                }
            }
            case DROPPING -> {
                below.execute(work);
                if (isItsTurn) {
                    below.shutdownNow();
                }
            }
            default -> below.execute(work);
        }
    }

    private boolean keep(Runnable work) {
        synchronized (kept) {
            if (ended.isOpen()) {
                return false;
            }
            kept.add(work);
            return true;
        }
    }

    /** Call once the latch is open. Runs the kept work in another order. */
    void end() {
        List<Runnable> late;
        synchronized (kept) {
            late = new ArrayList<>(kept);
            kept.clear();
        }
        java.util.Collections.shuffle(late, ThreadLocalRandom.current());
        late.forEach(below::execute);
    }

    @Override
    public String toString() {
        return kind + " after " + patience;
    }
}
