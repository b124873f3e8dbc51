package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Close() returns after the reports, also those that another thread is just telling. */
@Timeout(60)
@Rule(23)
class ReportsAgainstCloseTest {
    private static final String COLLECTOR = "coro4j-unread-failures";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate telling = new Gate();

    @Test
    void aCloseWaitsForTheListenerThatTheCollectorCalls() throws InterruptedException {
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .failureListener(
                                        report -> {
                                            telling.passUninterruptibly();
                                            trail.add("told by " + threadName());
                                        })
                                .open());
        failAndDrop(scope);
        collectUntilTold();
        Thread closer =
                new Thread(
                        () -> {
                            scope.close();
                            trail.add("closed");
                        },
                        "closer");
        closer.start();
        while (closer.isAlive() && closer.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
        telling.open();
        closer.join();
        trail.await("told by " + COLLECTOR);
        trail.assertSteps("told by " + COLLECTOR, "closed");
    }

    @Test
    void aListenerThatClosesTheScopeDoesNotWaitForItself() throws InterruptedException {
        AtomicReference<TaskScope> opened = new AtomicReference<>();
        telling.open();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .failureListener(
                                        report -> {
                                            telling.passUninterruptibly();
                                            opened.get().close();
                                            trail.add("closed by " + threadName());
                                        })
                                .open());
        opened.set(scope);
        failAndDrop(scope);
        collectUntilTold();
        trail.await("closed by " + COLLECTOR);
        scope.close();
    }

    /** The collector tells it, or the close does; never neither. */
    @Test
    @Rule(16)
    void aFailureThatIsDroppedBeforeTheCloseHasBeenToldWhenThatReturns() {
        for (int round = 0; round < 100; round++) {
            TaskScope scope = leaks.open("closing");
            failAndDrop(scope);
            System.gc();
            scope.close();
            assertEquals(1, leaks.takeReports().size());
        }
    }

    private void collectUntilTold() {
        Thread collecting = new Thread(telling::awaitReached, "until told");
        collecting.start();
        while (collecting.isAlive()) {
            System.gc();
        }
    }

    private static void failAndDrop(TaskScope scope) {
        scope.start(
                () -> {
                    throw new IllegalStateException(FailureReport.Kind.UNREAD_FAILURE.name());
                });
        scope.join();
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }
}
