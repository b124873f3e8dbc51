package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A scope waits for the callbacks of derived futures too, although it does not list them as tasks. */
@Rule(23)
class PassedOnEndsTest {
    private static final int LENGTH = 100;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @RepeatedTest(200)
    void joinWaitsForTheCallbacksOfAChainThatWasCancelledAtItsEnd() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("held")
                                .executor(body -> {}) // the task stays queued
                                .failureListener(leaks.listener())
                                .open());
        Task<String> source = scope.start("source", () -> "never");
        Future<String> end = source;
        for (int i = 0; i < LENGTH; i++) {
            end = end.map(value -> value);
            end.addDoneCallback(done -> calls.incrementAndGet());
        }
        Future<String> last = end;
        Thread canceller = new Thread(() -> last.cancel("enough"));
        canceller.start();
        scope.join();
        assertEquals(LENGTH, calls.get(), "callbacks that had run when join() returned");
        canceller.join();
        scope.close();
    }

    @RepeatedTest(200)
    @Rule(16)
    void theCloseReportsAFailureThatAChainPassesOn() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        Task<String> source;
        try (TaskScope scope = leaks.open("passed on")) {
            source =
                    scope.start(
                            "source",
                            () -> {
                                throw full;
                            });
            Future<String> end = source;
            for (int i = 0; i < LENGTH; i++) {
                end = end.map(value -> value);
            }
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(full, reports.get(0).exception());
    }
}
