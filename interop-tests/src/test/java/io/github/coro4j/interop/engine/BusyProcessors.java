package io.github.coro4j.interop.engine;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.CountDownLatch;

/** Runs bodies that compute, and so occupy every processor and every thread of the engine, until it is closed. */
final class BusyProcessors implements AutoCloseable {
    private static final int MOST_THREADS_OF_A_FRESH_POOL = 128;
    private static volatile long result;
    private final TaskScope scope = TaskScope.open("busy");

    BusyProcessors() throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        int bodies = Runtime.version().feature() >= 24 ? processors : MOST_THREADS_OF_A_FRESH_POOL;
        CountDownLatch begun = new CountDownLatch(bodies);
        for (int body = 0; body < bodies; body++) {
            scope.launch(
                    () -> {
                        begun.countDown();
                        compute();
                    });
        }
        begun.await();
        // No thread is left for these bodies, so that nothing behind them in the queue begins.
        for (int body = 0; body < bodies; body++) {
            scope.launch(BusyProcessors::compute);
        }
    }

    private static void compute() {
        long number = 1;
        while (true) {
            for (int step = 0; step < 10_000; step++) {
                number = number * 31 + step;
            }
            result = number;
            Task.checkCancelled();
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
