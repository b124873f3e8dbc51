package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While bodies compute on all processors and all threads, a platform thread sees each time limit take effect. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@Rule(33)
class BusyProcessorsTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();
    private static BusyProcessors busy;

    @BeforeAll
    static void occupy() throws InterruptedException {
        busy = new BusyProcessors();
    }

    @AfterAll
    static void release() {
        busy.close();
    }

    @Test
    void aTimeoutOfAFutureFires() {
        Promise<String> promise = Promise.create();
        assertInstanceOf(
                TimeoutException.class, promise.orTimeout(SHORT).joinOutcome().exceptionOrNull());
        assertEquals("late", Promise.<String>create().completeOnTimeout("late", SHORT).join());
    }

    @Test
    void aSleepEnds() {
        Task.sleep(SHORT).join();
    }

    @Test
    void theTimeoutOfAGroupFires() {
        try (TaskScope scope = leaks.open("groups")) {
            List<Promise<String>> children = List.of(Promise.create(), Promise.create());
            Future<List<String>> all = Gather.of(children).timeout(SHORT).all();
            assertInstanceOf(TimeoutException.class, all.joinOutcome().exceptionOrNull());
            assertEquals(
                    2,
                    scope.gather(List.of(1, 2), item -> item)
                            .timeout(SHORT)
                            .settled()
                            .join()
                            .size());
        }
    }

    @Test
    void aDeadlineFires() {
        ExecutorService free = Executors.newFixedThreadPool(1);
        CountDownLatch never = new CountDownLatch(1);
        try (TaskScope scope =
                TaskScope.builder().name("limited").executor(free).deadline(SHORT).open()) {
            Task<String> blocked =
                    scope.start(
                            () -> {
                                never.await();
                                return "never";
                            });
            assertTrue(blocked.joinOutcome().exceptionOrNull().getMessage().contains("deadline"));
        } finally {
            free.shutdown();
        }
    }

    @Test
    void theNextAttemptOfAHedgeBegins() {
        ExecutorService free = Executors.newFixedThreadPool(2);
        try (TaskScope scope = leaks.open("hedge", free)) {
            CountDownLatch never = new CountDownLatch(1);
            assertEquals(
                    1,
                    scope.hedge(
                                    2,
                                    SHORT,
                                    attempt -> {
                                        if (attempt == 0) {
                                            never.await();
                                        }
                                        return attempt;
                                    })
                            .join()
                            .attempt());
        } finally {
            free.shutdown();
        }
    }

    @Test
    void theCancelOfATimeoutReachesAStage() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch cancelled = new CountDownLatch(1);
        stage.whenComplete((value, exception) -> cancelled.countDown());
        Future<String> limited = Future.from(stage).orTimeout(SHORT);
        assertInstanceOf(TimeoutException.class, limited.joinOutcome().exceptionOrNull());
        await(cancelled);
    }

    @Test
    void aTimeoutThatIsFarAwayLeavesNothing() {
        Promise<String> promise = Promise.create();
        Future<String> limited = promise.orTimeout(HOUR);
        promise.complete("in time");
        assertEquals("in time", limited.join());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
