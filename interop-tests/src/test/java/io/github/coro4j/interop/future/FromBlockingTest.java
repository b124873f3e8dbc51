package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Future.fromBlocking: follows a future of the JDK. FutureKind tests it like all other kinds. */
class FromBlockingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    @Test
    void aValueArrives() {
        Gate gate = new Gate();
        Future<String> future =
                Future.fromBlocking(
                        pool.submit(
                                () -> {
                                    gate.pass();
                                    return "value";
                                }));
        assertFalse(future.isDone());
        gate.open();
        assertEquals("value", future.join());
        assertNull(Future.<Object>fromBlocking(pool.submit(() -> null)).join());
        assertEquals(7, Future.fromBlocking(ForkJoinPool.commonPool().submit(() -> 7)).join());
    }

    @Test
    @Rule(15)
    void executionException_isUnwrappedOnce() {
        IOException broken = new IOException("broken");
        ExecutionException itself = new ExecutionException(broken);
        assertSame(broken, endOf(throwing(broken)));
        assertSame(itself, endOf(throwing(itself)), "the body threw the wrapper itself");
    }

    @Test
    void ownFuture_isReturnedAndAStageNeedsNoThread() {
        Task<String> task = Task.start(() -> "value");
        assertSame(task, Future.fromBlocking(task));
        assertEquals("value", task.join());

        CompletableFuture<String> stage =
                new CompletableFuture<>() {
                    @Override
                    public String get() {
                        throw new AssertionError("a stage needs no thread that waits");
                    }
                };
        Future<String> future = Future.fromBlocking(stage);
        stage.complete("value");
        assertEquals("value", future.join());
    }

    @Test
    void aDoneFutureNeedsNoThread() throws Exception {
        Followed theirs = new Followed();
        theirs.set("value");
        Future<String> future = Future.fromBlocking(theirs);
        assertTrue(future.isDone());
        assertEquals("value", future.result());
        assertSame(Thread.currentThread(), theirs.reader);

        Followed picky = new Followed(); // its get() checks the interrupt flag first
        picky.set("value");
        Thread.currentThread().interrupt();
        assertEquals("value", Future.fromBlocking(picky).result());
        assertTrue(Thread.interrupted(), "the caller's flag was cleared");
    }

    @Test
    void theWatcherIsADaemonOfTheEngine() {
        Followed theirs = new Followed();
        Future<String> future = Future.fromBlocking(theirs);
        theirs.awaitReader();
        assertTrue(theirs.reader.isDaemon());
        if (Runtime.version().feature() < 24) {
            assertTrue(
                    theirs.reader.getName().startsWith("coro4j-from-blocking-"),
                    theirs.reader.getName());
        }
        theirs.set("value");
        assertEquals("value", future.join());
    }

    @Test
    void aFutureThatBreaksItsContractFails() {
        IllegalStateException wrong = new IllegalStateException("get() throws what it must not");
        Followed theirs =
                new Followed() {
                    @Override
                    public String get() {
                        throw wrong;
                    }
                };
        assertSame(wrong, endOf(theirs));
        theirs.set("value");
        assertSame(wrong, endOf(theirs));
    }

    // The work does not belong to the scope, as with a stage.
    @Test
    @Rule(23)
    void close_neitherCancelsNorWaitsForTheFuture() {
        Followed theirs = new Followed();
        Future<String> future;
        try (TaskScope scope = leaks.open("page")) {
            future = scope.start(() -> Future.fromBlocking(theirs)).join();
            theirs.awaitReader();
        }
        assertFalse(future.isDone());
        assertFalse(theirs.isCancelled());
        theirs.set("value");
        assertEquals("value", future.join());
    }

    @Test
    @Rule(16)
    void unreadFailure_isReported() throws Exception {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("page")) {
            Future<String> future =
                    scope.start(() -> Future.<String>fromBlocking(throwing(broken))).join();
            ControlledFuture.awaitDone(future);
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(broken, reports.get(0).exception());
    }

    @Test
    @Rule(3)
    void nullArgument_isNamedInTheError() {
        assertEquals(
                "future must not be null: Future.completed(null) is a future of null",
                assertThrows(NullPointerException.class, () -> Future.fromBlocking(null))
                        .getMessage());
    }

    private <T> java.util.concurrent.Future<T> throwing(Exception exception) {
        return pool.submit(
                () -> {
                    throw exception;
                });
    }

    private static Throwable endOf(java.util.concurrent.Future<?> theirs) {
        return Future.fromBlocking(theirs).joinOutcome().exceptionOrNull();
    }
}
