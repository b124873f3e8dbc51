package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code close()} returns after the reports, even if another thread is calling the listener. */
@Timeout(60)
@Rule(23)
class ReportsAgainstCloseTest {
    private static final String COLLECTOR = "coro4j-unread-failures";

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate reporting = new Gate();

    @Test
    void aCloseWaitsForTheListenerThatTheCollectorCalls() throws InterruptedException {
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .failureListener(
                                        report -> {
                                            reporting.passUninterruptibly();
                                            trail.add("reported by " + threadName());
                                        })
                                .open());
        failAndDrop(scope);
        collectUntilReporting();
        Thread closer =
                new Thread(
                        () -> {
                            scope.close();
                            trail.add("closed");
                        },
                        "closer");
        closer.start();
        // The close waits in slices, because it warns when it takes long.
        PlainThread.awaitBlocked(closer);
        reporting.open();
        closer.join();
        trail.await("reported by " + COLLECTOR);
        trail.assertSteps("reported by " + COLLECTOR, "closed");
    }

    @Test
    void aListenerThatClosesTheScopeDoesNotWaitForItself() throws InterruptedException {
        AtomicReference<TaskScope> opened = new AtomicReference<>();
        reporting.open();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .failureListener(
                                        report -> {
                                            reporting.passUninterruptibly();
                                            opened.get().close();
                                            trail.add("closed by " + threadName());
                                        })
                                .open());
        opened.set(scope);
        failAndDrop(scope);
        collectUntilReporting();
        trail.await("closed by " + COLLECTOR);
        scope.close();
    }

    /** The collector thread reports the failure, or the close does. */
    @Test
    @Rule(16)
    void aFailureThatIsDroppedBeforeTheCloseIsReportedWhenTheCloseReturns() {
        for (int round = 0; round < 100; round++) {
            TaskScope scope = leaks.open("closing");
            failAndDrop(scope);
            System.gc();
            scope.close();
            assertEquals(1, leaks.takeReports().size());
        }
    }

    private void collectUntilReporting() {
        Thread collecting = new Thread(reporting::awaitReached, "until reporting");
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
