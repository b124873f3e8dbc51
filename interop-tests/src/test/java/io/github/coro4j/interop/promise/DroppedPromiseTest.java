package io.github.coro4j.interop.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A pending promise that is unreachable can never be completed. It is collected with its callbacks and all futures that
 * depend on it, although its scope stays open.
 */
class DroppedPromiseTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** What waits for the end of the promise. */
    enum Dependent {
        NOTHING(promise -> promise),
        CALLBACK(
                promise -> {
                    promise.addDoneCallback(new Callback()::called);
                    promise.addDoneCallback(new Callback()::called, Runnable::run);
                    return promise;
                }),
        MAP(promise -> promise.map(value -> value)),
        FLAT_MAP(promise -> promise.flatMap(value -> promise)),
        RECOVER(promise -> promise.recover(Throwable::toString)),
        SHIELD(Future::shield),
        SHIELDS_OF_SHIELDS(promise -> promise.shield().shield().map(value -> value).shield()),
        COMPLETABLE_FUTURE(promise -> Future.from(promise.toCompletableFuture())),
        THEN_APPLY(promise -> Future.from(promise.toCompletableFuture().thenApply(v -> v))),
        CHAIN(
                promise -> {
                    Future<Object> end = promise;
                    for (int i = 0; i < 1_000; i++) {
                        end = end.map(value -> value);
                    }
                    return end;
                });

        private final Function<Promise<Object>, Future<Object>> on;

        Dependent(Function<Promise<Object>, Future<Object>> on) {
            this.on = on;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedPromiseOfAnOpenScopeIsCollected(Dependent dependent) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> create(dependent, dropped)).join();
            dropped.awaitCollected();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedPromiseOfTheGlobalScopeIsCollected(Dependent dependent) {
        DroppedObjects dropped = new DroppedObjects();
        create(dependent, dropped);
        dropped.awaitCollected();
    }

    @Test
    void aDroppedPromiseWhoseWaitsHaveEndedIsCollected() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> waitInVain(scope, dropped)).join();
            dropped.awaitCollected();
        }
    }

    /** A timer will end the derived future, and its callback must run: no object is collected before. */
    @Test
    void aPromiseWithATimeoutIsHeldUntilTheTimeHasPassed() {
        DroppedObjects dropped = new DroppedObjects();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> createWithTimeout(Duration.ofMillis(50), trail, dropped)).join();
            System.gc();
            trail.await("timed out");
            dropped.awaitCollected();
        }
    }

    /** The timer would hold the future for one more day. */
    @Test
    void aTimeoutOfAFutureThatHasEndedHoldsNothing() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> endBeforeTheTimeout(dropped)).join();
            dropped.awaitCollected();
        }
    }

    /** This is the control: the test can still complete the promise, so all that depends on it stays. */
    @ParameterizedTest
    @EnumSource
    void aPromiseThatIsHeldKeepsAllThatDependsOnIt(Dependent dependent) throws Exception {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            CountDownLatch called = new CountDownLatch(1);
            Promise<Object> promise =
                    scope.start(
                                    () -> {
                                        Promise<Object> made = Promise.create();
                                        Future<Object> end = dependent.on.apply(made);
                                        end.addDoneCallback(new Callback(called)::called);
                                        dropped.add("what depends on it", end);
                                        return made;
                                    })
                            .join();
            assertEquals(1, dropped.leftAfterCollecting().size());
            promise.complete("value");
            called.await();
        }
    }

    private static void create(Dependent dependent, DroppedObjects dropped) {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        Future<Object> end = dropped.add("what depends on it", dependent.on.apply(promise));
        end.addDoneCallback(dropped.add("callback", new Callback())::called);
    }

    private static void waitInVain(TaskScope scope, DroppedObjects dropped) throws Exception {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        assertThrows(TimeoutException.class, () -> promise.join(Duration.ofNanos(1)));
        Task<Object> waiter = dropped.add("waiter", scope.start(() -> promise.join()));
        waiter.cancelAndJoin("enough");
        CompletableFuture<Object> view = dropped.add("view", promise.toCompletableFuture());
        assertThrows(TimeoutException.class, () -> view.get(1, TimeUnit.NANOSECONDS));
    }

    private static void createWithTimeout(Duration limit, Trail trail, DroppedObjects dropped) {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        Future<Object> late = dropped.add("orTimeout", promise.orTimeout(limit));
        late.addDoneCallback(
                done -> {
                    assertInstanceOf(TimeoutException.class, done.exception());
                    trail.add("timed out");
                });
    }

    private static void endBeforeTheTimeout(DroppedObjects dropped) {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        Future<Object> inTime = dropped.add("orTimeout", promise.orTimeout(Duration.ofDays(1)));
        Future<Object> other =
                dropped.add("completeOnTimeout", promise.completeOnTimeout(1, Duration.ofDays(1)));
        promise.complete(dropped.object("value"));
        assertEquals(inTime.join(), other.join());
        Future<Void> sleep = dropped.add("sleep", Task.sleep(Duration.ofDays(1)));
        sleep.cancelAndJoin("enough");
    }

    /** A callback that is an object of its own. */
    private static final class Callback {
        private final CountDownLatch called;

        Callback() {
            this(new CountDownLatch(1));
        }

        Callback(CountDownLatch called) {
            this.called = called;
        }

        void called(Future<?> future) {
            assertEquals("value", future.result());
            called.countDown();
        }
    }
}
