package io.github.coro4j.interop.engine;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.CountDownLatch;

/** Runs bodies that wait for a class initializer, which waits for a task. Ends with 0 once all bodies have ended. */
final class ClassInitializer {
    private static final int MANY = 160;
    private static final CountDownLatch BEGUN = new CountDownLatch(128);

    private ClassInitializer() {}

    private static final class Slow {
        static final Integer VALUE = wait(BEGUN);

        private static Integer wait(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            // A body in this class would wait for this initializer itself.
            return Task.start(ClassInitializer::one).join();
        }
    }

    private static int one() {
        return 1;
    }

    public static void main(String[] arguments) {
        try (TaskScope scope = TaskScope.open("initializers")) {
            for (int body = 0; body < MANY; body++) {
                scope.start(
                        () -> {
                            BEGUN.countDown();
                            return Slow.VALUE;
                        });
            }
            scope.join();
        }
        System.exit(0);
    }
}
