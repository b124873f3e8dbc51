package io.github.coro4j.interop.chaos;

import io.github.coro4j.GatherProgress;
import io.github.coro4j.ProgressListener;
import java.util.concurrent.atomic.AtomicBoolean;

/** A listener of a group's progress. It checks that calls do not overlap, and that each has one more done child. */
final class ProgressBook implements ProgressListener {
    private final Ledger ledger;
    private final String label;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long done;

    ProgressBook(Ledger ledger, String label) {
        this.ledger = ledger;
        this.label = label;
    }

    @Override
    public void progressed(GatherProgress progress) {
        if (!busy.compareAndSet(false, true)) {
            ledger.wrong("the listener of " + label + " was called by two threads at once");
        }
        if (progress.done() != done + 1 || !progress.last().isDone() || progress.running() < 0) {
            ledger.wrong("the listener of " + label + " got " + progress + " after " + done);
        }
        done = progress.done();
        busy.set(false);
    }
}
