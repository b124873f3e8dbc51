package io.github.coro4j.interop.testing;

import io.github.coro4j.ThrowingRunnable;
import java.util.concurrent.Callable;

/** A body that works until a gate opens or a cancel stops it, and then cleans up until a second gate opens. */
public final class SlowCleanUp implements Callable<String>, ThrowingRunnable {
    private final Gate work;
    private final Gate cleanUp;
    private final ThrowingRunnable last;

    public SlowCleanUp(Gate work, Gate cleanUp) {
        this(work, cleanUp, () -> {});
    }

    private SlowCleanUp(Gate work, Gate cleanUp, ThrowingRunnable last) {
        this.work = work;
        this.cleanUp = cleanUp;
        this.last = last;
    }

    /** Returns the same body with a last step of its clean-up, which may throw. */
    public SlowCleanUp then(ThrowingRunnable step) {
        return new SlowCleanUp(work, cleanUp, step);
    }

    @Override
    public void run() throws Exception {
        try {
            work.pass();
        } finally {
            cleanUp.passUninterruptibly();
            last.run();
        }
    }

    @Override
    public String call() throws Exception {
        run();
        return "value";
    }
}
