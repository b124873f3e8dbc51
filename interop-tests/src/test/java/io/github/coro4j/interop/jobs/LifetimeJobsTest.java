package io.github.coro4j.interop.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The jobs of docs/jobs.md that live as long as the program. */
class LifetimeJobsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Semaphore begun = new Semaphore(0);
    private final AtomicInteger runs = new AtomicInteger();
    private final Gate never = new Gate();

    @Test
    @Rule({16, 23})
    void aPeriodicJob_reportsAFailure_runsAgain_andStopsWithItsScope() throws Exception {
        TaskScope scope = leaks.open("app");
        Task<Void> job = periodic(scope);
        begun.acquire(3); // the first run has failed, and the third is running
        FailureReport report = leaks.awaitReports(1).get(0);
        assertEquals("refresh", report.name());
        assertEquals("no answer", report.exception().getMessage());
        scope.close();
        assertTrue(job.isCancelled());
        assertEquals(3, runs.get());
    }

    private Task<Void> periodic(TaskScope scope) {
        // region 9. A periodic job
        Task<Void> job =
                scope.launch(
                        "refresher",
                        () -> {
                            while (true) {
                                try (TaskScope run = TaskScope.open("run")) {
                                    run.launch("refresh", () -> refresh());
                                    run.join(); // a failure is reported, and does not end the loop
                                }
                                Thread.sleep(period().toMillis());
                            }
                        });
        // endregion
        return job;
    }

    /** Returns a long period after the third run, which the close of the scope stops. */
    private Duration period() {
        return runs.get() < 3 ? Duration.ofMillis(1) : Duration.ofHours(1);
    }

    private void refresh() throws IOException, InterruptedException {
        int number = runs.incrementAndGet();
        begun.release();
        if (number == 1) {
            throw new IOException("no answer");
        }
        if (number == 3) {
            never.pass();
        }
    }

    @Test
    @Rule({9, 23})
    void theShutdownOfTheJvm_waitsForTheCleanUp() throws Exception {
        ChildProcess.End end = ChildProcess.run(1, List.of(), ShutdownJob.class);
        assertEquals(List.of("server stopped", "committed"), end.printed().lines().toList());
        assertEquals(0, end.code());
    }
}
