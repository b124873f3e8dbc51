package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each view of a future promises, whichever library its type comes from. */
@Timeout(60)
public abstract class ViewContract {
    @RegisterExtension protected final NothingLeaks leaks = new NothingLeaks();

    private final IOException broken = new IOException("broken");

    /** Returns the view under test. */
    protected abstract <T> View<T> view(Future<T> future);

    @ParameterizedTest
    @EnumSource
    @Rule(15)
    protected void theViewEndsAsTheFutureDoes(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("view")) {
            ControlledFuture succeeds = kind.in(scope);
            ControlledFuture fails = kind.in(scope);
            ControlledFuture cancelled = kind.in(scope);
            View<Object> value = view(succeeds.future());
            View<Object> failure = view(fails.future());
            View<Object> cancellation = view(cancelled.future());
            assertFalse(value.isOver());

            succeeds.succeed(null);
            fails.fail(broken);
            cancelled.future().cancel("not needed");

            assertEquals(succeeds.valueFor(null), value.read());
            assertSame(broken, assertThrows(IOException.class, failure::read));
            assertThrows(CancellationException.class, cancellation::read);
        }
    }

    @Test
    protected void theViewOfADoneFutureHasItsEnd() throws Exception {
        assertEquals("value", view(Future.completed("value")).read());
        assertNull(view(Future.completed(null)).read());
        View<String> failed = view(Future.failed(broken));
        assertSame(broken, assertThrows(IOException.class, failed::read));
        assertThrows(CancellationException.class, view(Future.cancelled("no"))::read);
    }

    @Test
    protected void theEndWakesAThreadThatReads() throws Exception {
        Promise<String> promise = Promise.create();
        PlainThread<String> reader = PlainThread.start("reader", view(promise)::read);
        reader.awaitBlocked();
        promise.complete("value");
        assertEquals("value", reader.result());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(4)
    protected void aCancelOfTheViewCancelsTheFuture(FutureKind kind) {
        try (TaskScope scope = leaks.open("view")) {
            ControlledFuture subject = kind.in(scope);
            View<Object> view = view(subject.future());
            view.cancel();
            assertTrue(view.isOver());
            assertInstanceOf(Outcome.Cancelled.class, subject.future().joinOutcome());
            subject.succeed("value"); // ends the source of a shield
        }
    }

    @Test
    @Rule(5)
    protected void aCancelOfTheViewInterruptsTheBody() {
        try (TaskScope scope = leaks.open("view")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("blocked", gate::pass);
            gate.awaitReached();
            view(task).cancel();
            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
        }
    }

    @Test
    @Rule({2, 16})
    protected void aCancelledViewIsOverAtOnceAndReadsNoFailureOfTheCleanUp() {
        Gate work = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("view")) {
            SlowCleanUp body =
                    new SlowCleanUp(work, cleanUp)
                            .then(
                                    () -> {
                                        throw broken;
                                    });
            Task<Void> task = scope.launch("slow", body);
            work.awaitReached();
            View<Void> view = view(task);
            view.cancel();
            cleanUp.awaitReached();
            assertTrue(view.isOver());
            assertTrue(task.isCancelling());
            assertFalse(task.isDone());
            cleanUp.open();
        }
        assertEquals(
                List.of(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE, "task", "slow", broken)),
                leaks.takeReports());
    }

    @Test
    @Rule(8)
    protected void aCancelOfTheViewOfAShieldLeavesTheWorkAlone() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            view(promise.shield()).cancel();
            assertTrue(promise.complete("value"));
        }
    }

    @Test
    @Rule(16)
    protected void aFailureThatTheViewHandsOverIsRead() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            View<String> view = view(promise);
            promise.fail(broken);
            assertThrows(IOException.class, view::read);
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    @Rule(11)
    protected void aListenerDoesNotRunOnTheStackOfTheCompleter() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            AtomicReference<Thread> thread = new AtomicReference<>();
            Gate ran = new Gate();
            view(promise)
                    .onEnd(
                            () -> {
                                thread.set(Thread.currentThread());
                                ran.open();
                            });
            promise.complete("value");
            ran.passUninterruptibly();
            assertNotSame(Thread.currentThread(), thread.get());
        }
    }

    @Test
    protected void aViewThatIsCancelledDuringTheEndAgreesWithItsFuture() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        View<String> view = view(promise);
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.complete("value"),
                                        () -> {
                                            view.cancel();
                                            return view.isOver();
                                        });
                        assertTrue(answers.get(1));
                        assertEquals(
                                answers.get(0), promise.joinOutcome() instanceof Outcome.Success);
                        assertEquals(answers.get(0), !promise.isCancelled());
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    protected void aReaderDoesNotWaitForABusyCallbackExecutor(End end) throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        Gate busy = new Gate();
        try (TaskScope scope = openWithCallbacksOn(callbacks)) {
            Promise<Object> promise = FutureKind.promiseIn(scope);
            View<Object> view = view(promise);
            view.onEnd(() -> {});
            callbacks.execute(busy::passUninterruptibly);
            busy.awaitReached();
            switch (end) {
                case SUCCESS -> {
                    promise.complete("value");
                    assertEquals("value", view.read());
                }
                case FAILURE -> {
                    promise.fail(broken);
                    assertSame(broken, assertThrows(IOException.class, view::read));
                }
                case CANCELLED -> {
                    promise.cancel("not needed");
                    assertThrows(CancellationException.class, view::read);
                }
            }
            busy.open();
        } finally {
            callbacks.shutdown();
        }
    }

    @Test
    @Rule(25)
    protected void theOnlyThreadOfTheCallbackExecutorMayWaitForTheView() throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        Gate listening = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = openWithCallbacksOn(callbacks)) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            View<String> view = view(promise);
            view.onEnd(() -> trail.add("listener"));
            java.util.concurrent.Future<String> waiting =
                    callbacks.submit(
                            () -> {
                                listening.pass();
                                String value = view.read();
                                trail.add(value);
                                return value;
                            });
            listening.awaitReached();
            listening.open();
            promise.complete("value");
            assertEquals("value", waiting.get());
            trail.await("listener");
            trail.assertSteps("value", "listener");
        } finally {
            callbacks.shutdown();
        }
    }

    @Test
    protected void aFutureOfTheViewIsTiedToTheFirst() {
        try (TaskScope scope = leaks.open("view")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<String> back = view(promise).toFuture();
            assertNotSame(promise, back);
            promise.complete("value");
            assertEquals("value", back.join());

            Promise<String> cancelled = FutureKind.promiseIn(scope);
            assertTrue(view(cancelled).toFuture().cancel("not needed"));
            assertInstanceOf(Outcome.Cancelled.class, cancelled.joinOutcome());
        }
    }

    private TaskScope openWithCallbacksOn(ExecutorService callbacks) {
        return leaks.opened(
                TaskScope.builder()
                        .callbackExecutor(callbacks)
                        .failureListener(leaks.listener())
                        .open());
    }
}
