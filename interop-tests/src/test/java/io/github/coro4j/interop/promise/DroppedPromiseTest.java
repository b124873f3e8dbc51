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
 * A pending promise that everybody has dropped can never be completed. It goes, with all that hangs on it, although its
 * scope stays open.
 */
class DroppedPromiseTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** What hangs on the promise, and would be told of its end. */
    enum Hung {
        NOTHING(promise -> promise),
        CALLBACK(
                promise -> {
                    promise.addDoneCallback(new Told()::told);
                    promise.addDoneCallback(new Told()::told, Runnable::run);
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

        Hung(Function<Promise<Object>, Future<Object>> on) {
            this.on = on;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAnOpenScope(Hung hung) {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> create(hung, dropped)).join();
            dropped.awaitCollected();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTheGlobalScope(Hung hung) {
        DroppedObjects dropped = new DroppedObjects();
        create(hung, dropped);
        dropped.awaitCollected();
    }

    @Test
    void thatWasWaitedForInVain() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> waitInVain(scope, dropped)).join();
            dropped.awaitCollected();
        }
    }

    /** A timer will end it, and somebody is to be told: it is not dropped before. */
    @Test
    void withATimeoutItIsHeldUntilTheTimeHasPassed() {
        DroppedObjects dropped = new DroppedObjects();
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> createWithTimeout(Duration.ofMillis(50), trail, dropped)).join();
            System.gc();
            trail.await("timed out");
            dropped.awaitCollected();
        }
    }

    /** Its timer would hold it for a day more. */
    @Test
    void withATimeoutItIsForgottenWhenItEndsBefore() {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            scope.launch(() -> endBeforeTheTimeout(dropped)).join();
            dropped.awaitCollected();
        }
    }

    /** The control: what somebody can still complete stays, with all that hangs on it. */
    @ParameterizedTest
    @EnumSource
    void oneThatIsHeldKeepsWhatHangsOnIt(Hung hung) throws Exception {
        DroppedObjects dropped = new DroppedObjects();
        try (TaskScope scope = leaks.open("open")) {
            CountDownLatch told = new CountDownLatch(1);
            Promise<Object> promise =
                    scope.start(
                                    () -> {
                                        Promise<Object> made = Promise.create();
                                        Future<Object> end = hung.on.apply(made);
                                        end.addDoneCallback(new Told(told)::told);
                                        dropped.add("what hangs on it", end);
                                        return made;
                                    })
                            .join();
            assertEquals(1, dropped.leftAfterCollecting().size());
            promise.complete("value");
            told.await();
        }
    }

    private static void create(Hung hung, DroppedObjects dropped) {
        Promise<Object> promise = dropped.add("promise", Promise.create());
        Future<Object> end = dropped.add("what hangs on it", hung.on.apply(promise));
        end.addDoneCallback(dropped.add("callback", new Told())::told);
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

    /** A callback with an identity. */
    private static final class Told {
        private final CountDownLatch told;

        Told() {
            this(new CountDownLatch(1));
        }

        Told(CountDownLatch told) {
            this.told = told;
        }

        void told(Future<?> future) {
            assertEquals("value", future.result());
            told.countDown();
        }
    }
}
