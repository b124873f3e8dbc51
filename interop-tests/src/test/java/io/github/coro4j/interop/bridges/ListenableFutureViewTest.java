package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.JdkView;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.View;
import io.github.coro4j.interop.testing.ViewContract;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A future as a {@code ListenableFuture} of Guava. */
@Tag("optional")
class ListenableFutureViewTest extends ViewContract {
    @Override
    protected <T> View<T> view(Future<T> future) {
        ListenableFuture<T> view = GuavaFutures.toListenableFuture(future);
        return new JdkView<>(view) {
            @Override
            public void onEnd(Runnable listener) {
                view.addListener(listener, MoreExecutors.directExecutor());
            }

            @Override
            public Future<T> toFuture() {
                return GuavaFutures.fromListenableFuture(view);
            }
        };
    }

    @Test
    void theTextHasTheFuture() {
        Promise<String> promise = Promise.create();
        String text = GuavaFutures.toListenableFuture(promise.named("page")).toString();
        assertTrue(text.contains("\"page\" (pending"), text);
        promise.cancel();
    }

    @Test
    void cancelAnswersTrueOnce() {
        ListenableFuture<String> view = GuavaFutures.toListenableFuture(Promise.create());
        assertTrue(view.cancel(true));
        assertTrue(view.isCancelled());
        assertFalse(view.cancel(true));
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
            Gate cancelledOnly = new Gate();
            Task<Void> interrupted = scope.launch("interrupted", blocked::pass);
            Task<Boolean> only =
                    scope.start(
                            "not interrupted",
                            () -> {
                                cancelledOnly.passUninterruptibly();
                                return Thread.currentThread().isInterrupted();
                            });
            blocked.awaitReached();
            cancelledOnly.awaitReached();

            assertTrue(GuavaFutures.toListenableFuture(interrupted).cancel(true));
            assertTrue(GuavaFutures.toListenableFuture(only).cancel(false));

            assertInstanceOf(Outcome.Cancelled.class, interrupted.joinOutcome());
            assertTrue(only.isCancelling());
            cancelledOnly.open();
            assertInstanceOf(Outcome.Cancelled.class, only.joinOutcome());
        }
    }

    @Test
    @Rule(5)
    void everyCancelOfAnInterruptingViewInterruptsTheBody() {
        try (TaskScope scope = leaks.open("guava")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("load", gate::pass);
            gate.awaitReached();
            ListenableFuture<Void> view = GuavaFutures.toInterruptingListenableFuture(task);

            assertTrue(view.cancel(false));

            assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
            assertTrue(view.isCancelled());
        }
    }

    @Test
    void anInterruptingViewNeedsAFuture() {
        NullPointerException refused =
                assertThrows(
                        NullPointerException.class,
                        () -> GuavaFutures.toInterruptingListenableFuture(null));
        assertTrue(refused.getMessage().startsWith("future must not be null"));
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
    void ofACancelAndAFailureAtLeastOneCounts() throws Exception {
        try (TaskScope scope = leaks.open("race")) {
            IOException broken = new IOException("broken");
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
                        ListenableFuture<String> view = GuavaFutures.toListenableFuture(promise);
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.fail(broken),
                                        () -> {
                                            boolean cancelled = view.cancel(true);
                                            assertTrue(view.isDone(), "whatever cancel returned");
                                            return cancelled;
                                        });
                        assertEquals(answers.get(1), view.isCancelled());
                        assertEquals(answers.get(0), !promise.isCancelled());
                        assertTrue(answers.get(0) || answers.get(1));
                        if (answers.get(0) && answers.get(1)) {
                            // It failed, and the view hides that, so the failure was unread until
                            // here.
                            assertSame(broken, promise.exception());
                        }
                    });
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
    }
}
