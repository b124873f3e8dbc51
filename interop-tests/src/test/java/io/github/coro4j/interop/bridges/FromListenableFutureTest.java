package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A future that ends as a {@code ListenableFuture} of Guava does. */
@Tag("optional")
class FromListenableFutureTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void theFutureEndsAsTheListenableFutureDoes() {
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
        assertSame(wrapper, endOf(Futures.immediateFailedFuture(wrapper)), "it is not a wrapper");
        Future<String> failed =
                GuavaFutures.fromListenableFuture(Futures.immediateFailedFuture(thrown));
        assertSame(thrown, failed.exception());
        assertFalse(failed.isCancelled(), "its own cancel was not called");
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
    void anUnreadFailureOfTheSourceIsReported() {
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

    private static Throwable endOf(ListenableFuture<?> theirs) {
        return GuavaFutures.fromListenableFuture(theirs).joinOutcome().exceptionOrNull();
    }

    @Test
    @Rule(3)
    void aNullIsNamed() {
        assertEquals(
                "future must not be null: Future.completed(null) is a future of null",
                assertThrows(
                                NullPointerException.class,
                                () -> GuavaFutures.fromListenableFuture(null))
                        .getMessage());
    }
}
