package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.FailureReport;
import io.github.coro4j.FailureReport.Kind;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scope reports the failures of the commands and tasks that other code gives to the scope's ExecutorService. */
class ScopeExecutorFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(16)
    void theExceptionOfACommandIsReportedWhenTheCommandHasEnded() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("page")) {
            Trail trail = new Trail();
            ExecutorService view = scope.asExecutorService();
            view.execute(() -> trail.add("ran"));
            view.execute(
                    () -> {
                        trail.add(Task.current().name());
                        throw broken;
                    });
            // The report needs neither the close nor the garbage collector.
            FailureReport report = leaks.awaitReports(1).get(0);
            trail.await(report.name());
            trail.await("ran");
            assertEquals(
                    new FailureReport(Kind.UNREAD_FAILURE, "task", report.name(), broken), report);
        }
        assertEquals(List.of(), leaks.takeReports(), "reported once");
    }

    @Test
    @Rule(16)
    void anUnreadFailureOfASubmittedTaskIsReportedAtTheClose() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("page")) {
            scope.asExecutorService()
                    .submit(
                            () -> {
                                throw broken;
                            });
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(broken, reports.get(0).exception());
    }

    @Test
    @Rule({23, 16})
    void aListenerThatReceivesAFailureOfACommandCannotCloseTheScope() {
        Trail trail = new Trail();
        TaskScope[] opened = new TaskScope[1];
        opened[0] =
                leaks.opened(
                        TaskScope.builder()
                                .name("page")
                                .failureListener(
                                        report -> {
                                            try {
                                                opened[0].close();
                                            } catch (IllegalStateException e) {
                                                trail.add("refused");
                                            }
                                        })
                                .open());
        try (TaskScope scope = opened[0]) {
            scope.asExecutorService()
                    .execute(
                            () -> {
                                throw new IllegalStateException("broken");
                            });
            trail.await("refused");
        }
    }
}
