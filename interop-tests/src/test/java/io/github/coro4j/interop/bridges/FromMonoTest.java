package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/** A future that ends as a {@code Mono} of Reactor does. */
@Tag("optional")
class FromMonoTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @AfterEach
    void removeHooks() {
        Hooks.resetOnErrorDropped();
    }

    @Test
    void theFutureEndsAsTheMonoDoes() {
        IOException broken = new IOException("broken");
        CompletionException wrapper = new CompletionException(broken);
        assertEquals("value", ReactorMonos.fromMono(Mono.just("value")).join());
        assertNull(ReactorMonos.fromMono(Mono.empty()).join());
        assertSame(broken, ReactorMonos.fromMono(Mono.error(broken)).exception());
        assertSame(wrapper, ReactorMonos.fromMono(Mono.error(wrapper)).exception());
        assertTrue(
                ReactorMonos.fromMono(Mono.error(new CancellationException("gone"))).isCancelled());

        Sinks.One<String> sink = Sinks.one();
        Future<Object> later = ReactorMonos.fromMono(sink.asMono());
        assertFalse(later.isDone());
        sink.tryEmitValue("late");
        assertEquals("late", later.join());
    }

    @Test
    @Rule(4)
    void aCancelReachesTheSubscription() {
        Trail trail = new Trail();
        Future<Object> future =
                ReactorMonos.fromMono(Mono.never().doOnCancel(() -> trail.add(here("cancelled"))));
        assertTrue(future.cancel("not needed"));
        assertTrue(future.isCancelled());
        TaskScope.global().join(); // waits for the callback that passes it on
        assertEquals(1, trail.steps().size());
        assertFalse(trail.steps().contains(here("cancelled")), "what it runs is user code");
    }

    @Test
    @Rule(4)
    void aCancelThatCameByAMonoKeepsItsReason() {
        Future<String> cancelled = Future.cancelled("not needed");
        Future<String> back = ReactorMonos.fromMono(ReactorMonos.toMono(cancelled));
        assertInstanceOf(Outcome.Cancelled.class, back.joinOutcome());
        assertEquals("not needed", ((TaskCancelledException) back.exception()).reason());

        Promise<String> unexplained = Promise.create();
        unexplained.cancel();
        Future<String> none = ReactorMonos.fromMono(ReactorMonos.toMono(unexplained));
        assertInstanceOf(Outcome.Cancelled.class, none.joinOutcome());
        assertNull(((TaskCancelledException) none.exception()).reason());
    }

    @Test
    void anErrorAfterTheEndIsDroppedAsReactorDrops() {
        AtomicReference<Throwable> dropped = new AtomicReference<>();
        Hooks.onErrorDropped(dropped::set);
        IOException late = new IOException("late");
        Future<String> future =
                ReactorMonos.fromMono(
                        Mono.fromDirect(
                                subscriber -> {
                                    subscriber.onSubscribe(Operators.emptySubscription());
                                    subscriber.onNext("value");
                                    subscriber.onError(late);
                                }));
        assertEquals("value", future.join());
        assertSame(late, dropped.getAndSet(null));

        Sinks.One<String> source = Sinks.one();
        AtomicReference<Future<String>> ours = new AtomicReference<>();
        // Its own source cancels it, so the error arrives after the end.
        ours.set(
                ReactorMonos.fromMono(
                        source.asMono().doOnError(e -> ours.get().cancel("not needed"))));
        source.tryEmitError(late);
        assertTrue(ours.get().isCancelled());
        assertSame(late, dropped.getAndSet(null));
    }

    @Test
    @Rule(16)
    void anUnreadErrorIsReported() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("reactor")) {
            scope.start(() -> ReactorMonos.fromMono(Mono.error(broken))).join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertSame(broken, reports.get(0).exception());
    }

    @Test
    @Rule(3)
    void aNullIsNamed() {
        assertEquals(
                "mono must not be null: Future.completed(null) is a future of null",
                assertThrows(NullPointerException.class, () -> ReactorMonos.fromMono(null))
                        .getMessage());
    }

    private static String here(Object what) {
        return what + " on " + Thread.currentThread().getName();
    }
}
