package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A user's executor can make no thread, as if the system had none left. */
class NoThreadForExecutorTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final OutOfMemoryError none = new OutOfMemoryError("no thread, as planned");
    private final AtomicBoolean exhausted = new AtomicBoolean(true);
    private final ExecutorService executor =
            Executors.newCachedThreadPool(
                    work -> {
                        if (exhausted.get()) {
                            throw none;
                        }
                        return new Thread(work);
                    });

    @AfterEach
    void shutDown() {
        executor.shutdown();
    }

    @Test
    void bodiesFailWithTheErrorOfTheExecutorAndLaterBodiesRun() {
        try (TaskScope scope = leaks.open("exhausted", executor)) {
            Task<Integer> refused = scope.start(() -> 1);
            assertSame(none, refused.joinOutcome().exceptionOrNull());
            List<Outcome<Integer>> ends =
                    scope.gather(List.of(1, 2), item -> item).concurrency(1).settled().join();
            assertEquals(2, ends.size());
            for (Outcome<Integer> each : ends) {
                assertSame(none, each.exceptionOrNull());
            }
            exhausted.set(false);
            assertEquals(2, scope.start(() -> 2).join());
        }
    }

    @Test
    @Rule(13)
    void callbacksStillRunAndTheErrorIsReported() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        try (TaskScope scope = leaks.open("exhausted")) {
            Task<Integer> task = scope.start("called", () -> 1);
            task.addDoneCallback(done -> called.countDown(), executor);
            called.await();
            List<FailureReport> reports = leaks.awaitReports(1);
            assertEquals(FailureReport.Kind.CALLBACK_REJECTED, reports.get(0).kind());
            assertSame(none, reports.get(0).exception());
        }
    }
}
