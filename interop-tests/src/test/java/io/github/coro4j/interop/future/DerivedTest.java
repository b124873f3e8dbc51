package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How map, flatMap and recover end after a success, a failure and a cancellation. */
class DerivedTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void mapMakesANewValue() {
        try (TaskScope scope = leaks.open("derived")) {
            assertEquals(6, scope.start(() -> "coro4j").map(String::length).join());
            assertNull(scope.start(() -> "value").map(value -> (String) null).join());
            assertTrue(scope.start(() -> (String) null).map(value -> value == null).join());
        }
    }

    @Test
    void flatMapEndsAsTheReturnedFutureDoes() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("derived");
                TaskScope other = leaks.open("other")) {
            Task<String> source = scope.start(() -> "value");
            assertEquals(5, source.flatMap(value -> other.start(value::length)).join());
            assertNull(source.flatMap(value -> Future.completed(null)).join());
            assertEquals("value", source.flatMap(value -> source).join());
            Future<String> failed =
                    source.flatMap(
                            value ->
                                    other.start(
                                            () -> {
                                                throw broken;
                                            }));
            assertSame(broken, failed.joinOutcome().exceptionOrNull());
            Future<String> cancelled = source.flatMap(value -> Future.cancelled("gone"));
            assertInstanceOf(Outcome.Cancelled.class, cancelled.joinOutcome());
            assertTrue(cancelled.isCancelled());
        }
    }

    @Test
    void recoverTurnsAFailureIntoAValue() {
        IOException broken = new IOException("broken");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("derived")) {
            Future<String> recovered =
                    failing(scope, broken)
                            .recover(
                                    failure -> {
                                        trail.add(failure == broken);
                                        return "instead";
                                    });
            assertEquals("instead", recovered.join());
            assertNull(failing(scope, broken).recover(failure -> null).join());
            assertEquals("value", scope.start(() -> "value").recover(failure -> "not").join());
        }
        trail.assertSteps(true);
    }

    @Test
    void throwingFunction_failsTheNewFutureWithTheSameException() {
        IOException source = new IOException("of the source");
        try (TaskScope scope = leaks.open("derived")) {
            for (Throwable thrown :
                    List.of(new IOException("checked"), new AssertionError("Error"))) {
                Task<String> value = scope.start(() -> "value");
                for (Future<String> each :
                        List.<Future<String>>of(
                                value.map(v -> throwIt(thrown)),
                                value.flatMap(v -> throwIt(thrown)),
                                failing(scope, source).recover(e -> throwIt(thrown)))) {
                    assertSame(
                            thrown,
                            assertInstanceOf(Outcome.Failure.class, each.joinOutcome())
                                    .exception());
                }
            }
        }
    }

    @Test
    void functions_runOnlyForTheirKindOfEnd() {
        Trail trail = new Trail();
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("derived")) {
            Future<String> failed = failing(scope, broken);
            assertSame(broken, failed.map(v -> ran(trail)).joinOutcome().exceptionOrNull());
            assertSame(
                    broken,
                    failed.flatMap(v -> Future.completed(ran(trail)))
                            .joinOutcome()
                            .exceptionOrNull());

            Future<String> cancelled = Future.cancelled("gone");
            for (Future<String> each :
                    List.<Future<String>>of(
                            cancelled.map(v -> ran(trail)),
                            cancelled.flatMap(v -> Future.completed(ran(trail))),
                            cancelled.recover(e -> ran(trail)))) {
                assertSame(cancelled.exception(), each.joinOutcome().exceptionOrNull());
                assertTrue(each.isCancelled());
            }
            scope.start(() -> "value").recover(e -> ran(trail)).join();
        }
        trail.assertSteps();
    }

    @Test
    @Rule(11)
    void function_runsOnTheScopesExecutorLikeABody() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("derived").executor(only).open())) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Trail trail = new Trail();
            Future<Thread> early = promise.map(value -> where(trail, "map"));
            Future<Thread> flat =
                    promise.flatMap(value -> Future.completed(where(trail, "flatMap")));
            synchronized (
                    trail) { // a function on this thread's stack would write into the trail first
                promise.complete("value");
                trail.add("completed");
            }
            assertSame(only.thread(), early.join());
            assertSame(only.thread(), flat.join());
            assertEquals("completed", trail.steps().get(0));

            Future<Thread> late = promise.map(value -> Thread.currentThread());
            assertSame(only.thread(), late.join());
            assertNotSame(Thread.currentThread(), late.join());
            assertEquals(
                    scope,
                    promise.map(value -> Task.start("inner", () -> "x").scope()).join(),
                    "what a function starts belongs to the scope");
        }
    }

    @Test
    void derivedFuturesOfOneSourceAreIndependent() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("derived")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Future<String> fails = promise.map(value -> throwIt(broken));
            Future<Integer> works = promise.map(String::length);
            promise.complete("value");

            assertSame(broken, fails.joinOutcome().exceptionOrNull());
            assertEquals(5, works.join());
            assertEquals("value", promise.join());
        }
    }

    @Test
    void flatMapFunctionThatReturnsNull_failsWithAnErrorThatNamesIt() {
        try (TaskScope scope = leaks.open("derived")) {
            Future<String> none = scope.start("fetch", () -> "value").flatMap(value -> null);

            String message =
                    assertInstanceOf(
                                    NullPointerException.class,
                                    none.joinOutcome().exceptionOrNull())
                            .getMessage();
            assertTrue(message.contains("flatMap"), message);
            assertTrue(message.contains("fetch"), message);
        }
    }

    @Test
    void nothingIsDerivedInAClosedScope() {
        Task<String> task;
        try (TaskScope scope = leaks.open("gone-scope")) {
            task = scope.start("fetch", () -> "value");
            task.join();
        }
        List<Function<Future<String>, Future<?>>> derivations =
                List.of(
                        future -> future.map(value -> value),
                        future -> future.flatMap(Future::completed),
                        future -> future.recover(failure -> "x"),
                        future -> future.orTimeout(Duration.ofDays(1)),
                        future -> future.completeOnTimeout("x", Duration.ofDays(1)));
        for (Function<Future<String>, Future<?>> each : derivations) {
            String message =
                    assertThrows(IllegalStateException.class, () -> each.apply(task)).getMessage();
            assertTrue(message.contains("gone-scope"), message);
            assertTrue(message.contains("fetch"), message);
        }
        assertSame(task, task.shield());
        assertEquals("value", task.toCompletableFuture().join());
    }

    @Test
    void futureDerivedBeforeTheClose_stillEnds() {
        Promise<String> promise;
        Future<Integer> mapped;
        Future<String> timed;
        try (TaskScope scope = leaks.open("gone")) {
            promise = FutureKind.promiseIn(scope);
            mapped = promise.map(String::length);
            timed = promise.orTimeout(Duration.ofDays(1));
        }
        promise.complete("value");

        Outcome<Integer> end = mapped.joinOutcome(); // this call must return
        if (end instanceof Outcome.Cancelled<Integer> cancelled) {
            String message = cancelled.cancellation().getMessage();
            assertTrue(message.contains("gone"), message);
        } else {
            assertEquals(new Outcome.Success<>(5), end);
        }
        assertEquals("value", timed.join());
    }

    private static Future<String> failing(TaskScope scope, Exception failure) {
        return scope.start(
                "failing",
                () -> {
                    throw failure;
                });
    }

    private static <T> T throwIt(Throwable thrown) {
        throw FutureKind.<RuntimeException>rethrow(thrown);
    }

    private static String ran(Trail trail) {
        trail.add("ran");
        return "ran";
    }

    private static Thread where(Trail trail, String step) {
        trail.add(step);
        return Thread.currentThread();
    }
}
