package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.AbstractFuture;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.SettableFuture;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guava's ListenableFuture, both ways. */
@Tag("optional")
class GuavaFuturesTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // ---- a view of a future

    @Test
    void theViewEndsAsTheFutureDoes() throws Exception {
        try (TaskScope scope = leaks.open("guava")) {
            IOException broken = new IOException("broken");
            Gate gate = new Gate();
            ListenableFuture<String> value =
                    GuavaFutures.toListenableFuture(
                            scope.start(
                                    () -> {
                                        gate.pass();
                                        return null;
                                    }));
            ListenableFuture<String> failure =
                    GuavaFutures.toListenableFuture(
                            scope.start(
                                    () -> {
                                        gate.pass();
                                        throw broken;
                                    }));
            Task<Void> never = scope.launch("never", gate::pass);
            ListenableFuture<Void> cancellation = GuavaFutures.toListenableFuture(never);
            assertFalse(value.isDone());
            assertTrue(cancellation.toString().contains("Task \"never\" (pending"), "its name");

            never.cancel("not needed");
            gate.open();

            assertNull(value.get());
            assertSame(
                    broken, assertThrows(ExecutionException.class, failure::get).getCause(), "R15");
            assertThrows(CancellationException.class, cancellation::get);
            assertTrue(cancellation.isCancelled());
        }
    }

    @Test
    void theViewOfADoneFutureIsDone() throws Exception {
        IOException broken = new IOException("broken");
        assertEquals("x", Futures.getDone(GuavaFutures.toListenableFuture(Future.completed("x"))));
        ListenableFuture<String> failed = GuavaFutures.toListenableFuture(Future.failed(broken));
        assertSame(
                broken,
                assertThrows(ExecutionException.class, () -> Futures.getDone(failed)).getCause());
        assertTrue(GuavaFutures.toListenableFuture(Future.cancelled("no")).isCancelled());
    }

    @Test
    @Rule(5)
    void aCancelOfTheViewInterruptsTheBodyIfItMay() {
        try (TaskScope scope = leaks.open("guava")) {
            Gate blocked = new Gate();
            Gate told = new Gate();
            Task<Void> interrupted = scope.launch("interrupted", blocked::pass);
            Task<Boolean> only =
                    scope.start(
                            "only told",
                            () -> {
                                told.passUninterruptibly();
                                return Thread.currentThread().isInterrupted();
                            });
            blocked.awaitReached();
            told.awaitReached();

            assertTrue(GuavaFutures.toListenableFuture(interrupted).cancel(true));
            assertTrue(GuavaFutures.toListenableFuture(only).cancel(false));

            assertInstanceOf(Outcome.Cancelled.class, interrupted.joinOutcome());
            assertTrue(only.isCancelling());
            told.open();
            assertInstanceOf(Outcome.Cancelled.class, only.joinOutcome());
        }
    }

    @Test
    void aCancelOfWhatGuavaDerivedReachesTheBody() {
        try (TaskScope scope = leaks.open("guava")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("task", gate::pass);
            gate.awaitReached();
            ListenableFuture<List<Object>> derived =
                    Futures.allAsList(
                            Futures.transform(
                                    GuavaFutures.toListenableFuture(task),
                                    any -> any,
                                    MoreExecutors.directExecutor()));
            derived.cancel(true);
            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    @Rule({2, 16})
    void aCancelledViewIsDoneAtOnceAndReadsNoFailureOfTheCleanUp() throws Exception {
        IOException cleanUpFailed = new IOException("clean-up");
        Gate work = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("guava")) {
            Task<Void> task =
                    scope.launch(
                            "slow",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    cleanUp.passUninterruptibly();
                                    throwIt(cleanUpFailed);
                                }
                            });
            work.awaitReached();
            ListenableFuture<Void> view = GuavaFutures.toListenableFuture(task);
            assertTrue(view.cancel(true));
            assertFalse(view.cancel(true), "done already");
            cleanUp.awaitReached();
            assertTrue(view.isDone());
            assertFalse(task.isDone());
            cleanUp.open();
        }
        assertEquals(
                List.of(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE, "task", "slow", cleanUpFailed)),
                leaks.takeReports());
    }

    @Test
    @Rule(16)
    void aFailureThatTheViewHasIsRead() {
        try (TaskScope scope = leaks.open("guava")) {
            Promise<String> promise = promiseIn(scope);
            ListenableFuture<String> view = GuavaFutures.toListenableFuture(promise);
            promise.fail(new IOException("broken"));
            assertThrows(ExecutionException.class, view::get);
        }
        // NothingLeaks: no report
    }

    @Test
    @Rule(11)
    void aListenerDoesNotRunOnTheStackOfTheCompleter() {
        try (TaskScope scope = leaks.open("guava")) {
            Promise<String> promise = promiseIn(scope);
            ListenableFuture<String> view = GuavaFutures.toListenableFuture(promise);
            AtomicReference<Thread> thread = new AtomicReference<>();
            Gate ran = new Gate();
            view.addListener(
                    () -> {
                        thread.set(Thread.currentThread());
                        ran.open();
                    },
                    MoreExecutors.directExecutor());
            promise.complete("value");
            ran.passUninterruptibly();
            assertNotSame(Thread.currentThread(), thread.get());
        }
    }

    @Test
    void aCancelOfTheViewAndAnEndOfTheFutureLeaveOneTruth() throws Exception {
        try (TaskScope scope = leaks.open("race")) {
            IOException broken = new IOException("broken");
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = promiseIn(scope);
                        ListenableFuture<String> view = GuavaFutures.toListenableFuture(promise);
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.fail(broken),
                                        () -> {
                                            boolean cancelled = view.cancel(true);
                                            assertTrue(view.isDone(), "whatever it was told");
                                            return cancelled;
                                        });
                        assertEquals(answers.get(1), view.isCancelled());
                        assertEquals(answers.get(0), !promise.isCancelled());
                        assertTrue(answers.get(0) || answers.get(1));
                        if (answers.get(0) && answers.get(1)) {
                            // It failed, and nobody got that: unread, until here.
                            assertSame(broken, promise.exception());
                        }
                    });
        }
    }

    @Test
    void aShieldLeavesTheWorkAlone() {
        try (TaskScope scope = leaks.open("guava")) {
            Promise<String> promise = promiseIn(scope);
            assertTrue(GuavaFutures.toListenableFuture(promise.shield()).cancel(true));
            assertTrue(promise.complete("value"));
        }
    }

    // ---- a future of theirs

    @Test
    void theFutureEndsAsTheirsDoes() {
        IOException broken = new IOException("broken");
        CompletionException wrapper = new CompletionException(broken);
        CancellationException thrown = new CancellationException("thrown, not asked for");
        assertNull(GuavaFutures.fromListenableFuture(Futures.immediateFuture(null)).join());
        SettableFuture<String> later = SettableFuture.create();
        Future<Object> future = GuavaFutures.fromListenableFuture(later);
        assertFalse(future.isDone());
        later.set("value");
        assertEquals("value", future.join());

        assertSame(broken, endOf(Futures.immediateFailedFuture(broken)));
        assertSame(wrapper, endOf(Futures.immediateFailedFuture(wrapper)), "nobody wrapped it");
        Future<String> failed =
                GuavaFutures.fromListenableFuture(Futures.immediateFailedFuture(thrown));
        assertSame(thrown, failed.exception());
        assertFalse(failed.isCancelled(), "nobody asked for it");
        assertTrue(
                GuavaFutures.fromListenableFuture(Futures.immediateCancelledFuture())
                        .isCancelled());
    }

    @Test
    void aFutureThatBreaksItsContractFailsOurs() {
        IllegalStateException wrong = new IllegalStateException("get() throws what it must not");
        ListenableFuture<String> theirs =
                new AbstractFuture<String>() {
                    {
                        set("value");
                    }

                    @Override
                    public String get() {
                        throw wrong;
                    }
                };
        assertSame(wrong, endOf(theirs));
    }

    @Test
    @Rule(4)
    void aCancelReachesTheirs() {
        SettableFuture<String> theirs = SettableFuture.create();
        Future<String> future = GuavaFutures.fromListenableFuture(theirs);
        Trail trail = new Trail();
        theirs.addListener(
                () -> trail.add(Thread.currentThread().getName()), MoreExecutors.directExecutor());

        assertTrue(future.cancel("not needed"));

        assertTrue(future.isCancelled());
        assertEquals("not needed", ((TaskCancelledException) future.exception()).reason());
        TaskScope.global().join(); // waits for the callback that passes it on
        assertTrue(theirs.isCancelled());
        assertEquals(1, trail.steps().size());
        assertFalse(
                trail.steps().contains(Thread.currentThread().getName()),
                "their listeners are user code, and run elsewhere");
    }

    @Test
    @Rule(11)
    void callbacksDoNotRunOnTheStackOfTheirCompleter() {
        SettableFuture<String> theirs = SettableFuture.create();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Gate ran = new Gate();
        GuavaFutures.fromListenableFuture(theirs)
                .addDoneCallback(
                        each -> {
                            thread.set(Thread.currentThread());
                            ran.open();
                        },
                        Runnable::run);
        theirs.set("value");
        ran.passUninterruptibly();
        assertNotSame(Thread.currentThread(), thread.get());
    }

    @Test
    @Rule(16)
    void theirFailureThatNobodyReadIsReported() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("guava")) {
            scope.start(
                            () ->
                                    GuavaFutures.fromListenableFuture(
                                            Futures.immediateFailedFuture(broken)))
                    .join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(broken, reports.get(0).exception());
    }

    @Test
    void thereAndBackIsTiedToTheOld() {
        try (TaskScope scope = leaks.open("guava")) {
            Promise<String> promise = promiseIn(scope);
            Future<String> back =
                    GuavaFutures.fromListenableFuture(GuavaFutures.toListenableFuture(promise));
            assertTrue(back.cancel("not needed"));
            assertInstanceOf(Outcome.Cancelled.class, promise.joinOutcome());
        }
    }

    @Test
    @Rule(3)
    void aNullIsNamed() {
        assertEquals(
                "future must not be null: Futures.immediateFuture(null) is a ListenableFuture of null",
                assertThrows(
                                NullPointerException.class,
                                () -> GuavaFutures.toListenableFuture(null))
                        .getMessage());
        assertEquals(
                "future must not be null: Future.completed(null) is a future of null",
                assertThrows(
                                NullPointerException.class,
                                () -> GuavaFutures.fromListenableFuture(null))
                        .getMessage());
    }

    private static Throwable endOf(ListenableFuture<?> theirs) {
        return GuavaFutures.fromListenableFuture(theirs).joinOutcome().exceptionOrNull();
    }

    private static <T> Promise<T> promiseIn(TaskScope scope) {
        return scope.<Promise<T>>start("maker", Promise::create).join();
    }

    /** In a {@code finally} block the compiler would warn of a plain throw. */
    private static void throwIt(IOException e) throws IOException {
        throw e;
    }
}
