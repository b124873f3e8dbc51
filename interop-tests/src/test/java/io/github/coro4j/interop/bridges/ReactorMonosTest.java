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
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;

/** Reactor's Mono, both ways. */
@Tag("optional")
class ReactorMonosTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @AfterEach
    void removeHooks() {
        Hooks.resetOnErrorDropped();
    }

    // ---- a Mono of a future

    @Test
    void aHotMonoEndsAsTheFutureDoesForEachSubscriber() {
        try (TaskScope scope = leaks.open("reactor")) {
            IOException broken = new IOException("broken");
            AtomicInteger ran = new AtomicInteger();
            Mono<Integer> value = ReactorMonos.toMono(scope.start(ran::incrementAndGet));
            assertEquals(1, value.block());
            assertEquals(1, value.block(), "its one result");

            assertEquals(
                    Optional.empty(),
                    ReactorMonos.toMono(Future.<String>completed(null)).blockOptional());
            Mono<String> failed = ReactorMonos.toMono(Future.failed(broken));
            assertSame(broken, errorOf(failed));
            Future<String> cancelled = Future.cancelled("not needed");
            assertSame(cancelled.exception(), errorOf(ReactorMonos.toMono(cancelled)));
        }
    }

    @Test
    void aColdMonoStartsItsOwnForEachSubscription() {
        try (TaskScope scope = leaks.open("reactor")) {
            AtomicInteger ran = new AtomicInteger();
            Mono<Integer> value =
                    ReactorMonos.toMono(
                            () ->
                                    scope.start(
                                            () -> {
                                                if (ran.incrementAndGet() == 1) {
                                                    throw new IOException("the first fails");
                                                }
                                                return ran.get();
                                            }));
            assertEquals(0, ran.get(), "nobody has subscribed");
            assertEquals(2, value.retry(1).block());
            assertEquals(3, value.block());
        }
    }

    @Test
    void aSupplierThatThrowsOrReturnsNullIsTheErrorOfTheSubscription() {
        IllegalStateException thrown = new IllegalStateException("of the supplier");
        Supplier<Future<String>> throwing =
                () -> {
                    throw thrown;
                };
        assertSame(thrown, errorOf(ReactorMonos.toMono(throwing)));
        Supplier<Future<String>> none = () -> null;
        assertEquals(
                "the future returned by start must not be null:"
                        + " Future.completed(null) makes an empty Mono",
                errorOf(ReactorMonos.toMono(none)).getMessage());
    }

    @Test
    @Rule({2, 16})
    void aCancelStopsTheWorkAndReadsNoFailureOfTheCleanUp() {
        IOException cleanUpFailed = new IOException("clean-up");
        Gate work = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("reactor")) {
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
            Disposable subscription =
                    ReactorMonos.toMono(task)
                            .doFinally(trail::add)
                            .subscribe(trail::add, trail::add);
            work.awaitReached();
            subscription.dispose();
            cleanUp.awaitReached();
            trail.assertSteps("cancel"); // over for the subscriber
            assertTrue(task.isCancelling());
            cleanUp.open();
        }
        assertEquals(
                List.of(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE, "task", "slow", cleanUpFailed)),
                leaks.takeReports());
        trail.assertSteps("cancel");
    }

    @Test
    @Rule(4)
    void theReasonSaysThatTheSubscriberLeft() {
        try (TaskScope scope = leaks.open("reactor")) {
            Promise<String> promise = promiseIn(scope);
            Mono<String> mono = ReactorMonos.toMono(promise);
            Trail other = new Trail();
            mono.subscribe(other::add, other::add);
            mono.subscribe().dispose();
            assertEquals(
                    "the subscription to its Mono was cancelled",
                    ((TaskCancelledException) promise.exception()).reason());
            other.await(promise.exception());

            Promise<String> shared = promiseIn(scope);
            ReactorMonos.toMono(shared.shield()).subscribe().dispose();
            assertTrue(shared.complete("value"), "a shield leaves the work alone");
        }
    }

    @Test
    @Rule(16)
    void aFailureWithoutASubscriberStaysUnread() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("reactor")) {
            Task<String> task =
                    scope.start(
                            "unread",
                            () -> {
                                throw broken;
                            });
            ReactorMonos.toMono(task);
            scope.join();
        }
        assertEquals(
                List.of(
                        new FailureReport(
                                FailureReport.Kind.UNREAD_FAILURE, "task", "unread", broken)),
                leaks.takeReports());
    }

    @Test
    @Rule(11)
    void signalsDoNotComeOnTheStackOfTheCompleterNorOfTheSubscriber() {
        try (TaskScope scope = leaks.open("reactor")) {
            Trail trail = new Trail();
            Promise<String> promise = promiseIn(scope);
            Mono<String> mono = ReactorMonos.toMono(promise);
            mono.subscribe(value -> trail.add(here(value)));
            promise.complete("value");
            mono.subscribe(value -> trail.add(here(value)));
            scope.join();
            assertEquals(2, trail.steps().size());
            assertFalse(trail.steps().contains(here("value")));
        }
    }

    @Test
    void aCancelAndAFailureAreNotBothLost() {
        IOException broken = new IOException("broken");
        AtomicInteger dropped = new AtomicInteger();
        Hooks.onErrorDropped(error -> dropped.incrementAndGet());
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = promiseIn(scope);
                        Disposable subscription =
                                ReactorMonos.toMono(promise)
                                        .subscribe(any -> {}, e -> delivered.incrementAndGet());
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> promise.fail(broken),
                                        () -> {
                                            subscription.dispose();
                                            return true;
                                        });
                        if (answers.get(0)) {
                            failed.incrementAndGet();
                        }
                    });
        }
        int unread = failed.get() - delivered.get() - dropped.get();
        assertEquals(unread, leaks.takeReports().size(), "told by somebody, once each");
    }

    // ---- a future of a Mono

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
    void anErrorThatComesAfterTheEndIsDroppedAsReactorDoes() {
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
        // Cancelled by its own source: the error is on its way when nobody wants it any more.
        ours.set(
                ReactorMonos.fromMono(
                        source.asMono().doOnError(e -> ours.get().cancel("not needed"))));
        source.tryEmitError(late);
        assertTrue(ours.get().isCancelled());
        assertSame(late, dropped.getAndSet(null));
    }

    @Test
    @Rule(16)
    void anErrorThatNobodyReadIsReported() {
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
                "future must not be null: Mono.empty() is a Mono without a value",
                assertThrows(
                                NullPointerException.class,
                                () -> ReactorMonos.toMono((Future<String>) null))
                        .getMessage());
        assertEquals(
                "start must not be null: Mono.empty() is a Mono without a value",
                assertThrows(
                                NullPointerException.class,
                                () -> ReactorMonos.toMono((Supplier<Future<String>>) null))
                        .getMessage());
        assertEquals(
                "mono must not be null: Future.completed(null) is a future of null",
                assertThrows(NullPointerException.class, () -> ReactorMonos.fromMono(null))
                        .getMessage());
    }

    private static String here(Object what) {
        return what + " on " + Thread.currentThread().getName();
    }

    private static Throwable errorOf(Mono<?> mono) {
        return mono.materialize().map(signal -> signal.getThrowable()).block();
    }

    private static <T> Promise<T> promiseIn(TaskScope scope) {
        return scope.<Promise<T>>start("maker", Promise::create).join();
    }

    /** In a {@code finally} block the compiler would warn of a plain throw. */
    private static void throwIt(IOException e) throws IOException {
        throw e;
    }
}
