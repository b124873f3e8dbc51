package io.github.coro4j.interop.scope;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

/** Two threads close the same scope at once, many times. Then the scopes must be unreachable. */
final class ClosesAtOnce {
    private static final int ROUNDS = 300;

    private final DroppedObjects scopes = new DroppedObjects();

    private ClosesAtOnce() {}

    public static void main(String[] arguments) throws Exception {
        ClosesAtOnce closes = new ClosesAtOnce();
        for (int i = 0; i < ROUNDS; i++) {
            closes.closeTwice("scope " + i);
        }
        closes.scopes.awaitCollected();
    }

    private void closeTwice(String name) throws Exception {
        TaskScope scope = scopes.add(name, TaskScope.open("scope"));
        CountDownLatch end = new CountDownLatch(1);
        CyclicBarrier together = new CyclicBarrier(2);
        scope.launch(
                () -> {
                    while (end.getCount() > 0) {
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            // The cancel of the close. The body goes on.
                        }
                    }
                });
        Thread other = new Thread(() -> closeTogether(scope, together), "closer");
        other.start();
        closeTogether(scope, together);
        other.join();
        end.countDown();
        scope.close();
    }

    private static void closeTogether(TaskScope scope, CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        scope.close(Duration.ZERO);
    }
}
