package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.interop.testing.View;
import io.github.coro4j.interop.testing.ViewContract;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** A future as a {@code Mono} of Reactor. */
@Tag("optional")
class MonoViewTest extends ViewContract {
    @AfterEach
    void removeHooks() {
        Hooks.resetOnErrorDropped();
    }

    @Override
    protected <T> View<T> view(Future<T> future) {
        Mono<T> mono = ReactorMonos.toMono(future);
        return new View<>() {
            private volatile boolean left;

            @Override
            public T read() throws Exception {
                try {
                    return mono.block();
                } catch (RuntimeException e) {
                    throw (Exception) Exceptions.unwrap(e);
                }
            }

            @Override
            public void cancel() {
                Disposable subscription = mono.subscribe(value -> {}, exception -> {});
                subscription.dispose();
                left = subscription.isDisposed();
            }

            @Override
            public boolean isOver() {
                return left;
            }

            @Override
            public void onEnd(Runnable listener) {
                mono.doFinally(signal -> listener.run()).subscribe(value -> {}, exception -> {});
            }

            @Override
            public Future<T> toFuture() {
                return ReactorMonos.fromMono(mono);
            }
        };
    }

    @Test
    void hotMono_endsAsTheFutureDoesForEachSubscriber() {
        try (TaskScope scope = leaks.open("reactor")) {
            IOException broken = new IOException("broken");
            AtomicInteger ran = new AtomicInteger();
            Mono<Integer> value = ReactorMonos.toMono(scope.start(ran::incrementAndGet));
            assertEquals(1, value.block());
            assertEquals(1, value.block(), "the mono must not run the body again");

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
    void coldMono_startsABodyForEachSubscription() {
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
            assertEquals(0, ran.get(), "there is no subscriber yet");
            assertEquals(2, value.retry(1).block());
            assertEquals(3, value.block());
        }
    }

    @Test
    void supplierThatThrowsOrReturnsNull_signalsAnError() {
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
    void cancel_stopsTheWorkAndLeavesTheFailureUnread() {
        IOException cleanUpFailed = new IOException("clean-up");
        Gate work = new Gate();
        Gate cleanUp = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("reactor")) {
            Task<Void> task =
                    scope.launch(
                            "slow",
                            new SlowCleanUp(work, cleanUp)
                                    .then(
                                            () -> {
                                                throw cleanUpFailed;
                                            }));
            Disposable subscription =
                    ReactorMonos.toMono(task)
                            .doFinally(trail::add)
                            .subscribe(trail::add, trail::add);
            work.awaitReached();
            subscription.dispose();
            cleanUp.awaitReached();
            trail.assertSteps("cancel"); // the subscriber gets no other signal
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
    void reason_saysThatTheSubscriptionWasCancelled() {
        try (TaskScope scope = leaks.open("reactor")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Mono<String> mono = ReactorMonos.toMono(promise);
            Trail other = new Trail();
            mono.subscribe(other::add, other::add);
            mono.subscribe().dispose();
            assertEquals(
                    "the subscription to its Mono was cancelled",
                    ((TaskCancelledException) promise.exception()).reason());
            other.await(promise.exception());

            Promise<String> shared = FutureKind.promiseIn(scope);
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
    void signals_comeNeitherOnTheCompletersNorOnTheSubscribersStack() {
        try (TaskScope scope = leaks.open("reactor")) {
            Trail trail = new Trail();
            Promise<String> promise = FutureKind.promiseIn(scope);
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
    void cancelAndFailure_leaveTheFailureReadOrReported() {
        IOException broken = new IOException("broken");
        AtomicInteger dropped = new AtomicInteger();
        Hooks.onErrorDropped(error -> dropped.incrementAndGet());
        AtomicInteger delivered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> promise = FutureKind.promiseIn(scope);
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
        assertEquals(
                unread,
                leaks.takeReports().size(),
                "each failure must be delivered, dropped or reported once");
    }

    @Test
    @Rule(3)
    void nullArgument_isNamedInTheError() {
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
    }

    private static String here(Object what) {
        return what + " on " + Thread.currentThread().getName();
    }

    private static Throwable errorOf(Mono<?> mono) {
        return mono.materialize().map(signal -> signal.getThrowable()).block();
    }
}
