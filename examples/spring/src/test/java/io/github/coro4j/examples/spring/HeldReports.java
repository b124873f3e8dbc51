package io.github.coro4j.examples.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Reports that take until the test lets them go, or until they are interrupted. */
final class HeldReports implements Reports {
    static final int MISSING = 404;

    private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(1);

    @Override
    public String build(int id) throws InterruptedException {
        steps.add("begun " + id);
        try {
            gate.await();
            if (id == MISSING) {
                throw new NoSuchElementException("no report " + id);
            }
            return "report " + id;
        } catch (InterruptedException e) {
            steps.add("interrupted " + id);
            throw e;
        } finally {
            steps.add("ended " + id);
        }
    }

    /** Lets go all that are held, and those that come. */
    void open() {
        gate.countDown();
    }

    /** The next thing that happened, waited for. */
    String next() throws InterruptedException {
        return steps.take();
    }

    /** All that happened and was not asked for yet. */
    List<String> taken() {
        List<String> taken = new ArrayList<>();
        steps.drainTo(taken);
        return taken;
    }

    void reset() {
        steps.clear();
        gate = new CountDownLatch(1);
    }
}
