package io.github.coro4j.interop.outcome;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R15: every reader gets the original exception itself. The build runs the tests with and without assertions. */
class FailureIdentityTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** An exception that kotlinx.coroutines can copy, and copies for each reader unless the engine prevents it. */
    public static class Copyable extends Exception {
        private static final long serialVersionUID = 1L;

        public Copyable() {}

        public Copyable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    static List<Throwable> throwables() {
        return List.of(
                new Copyable(),
                new IOException("checked"),
                new IllegalArgumentException("unchecked"),
                new AssertionError("an Error"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @EnumSource
    @Rule(15)
    void everyReader_getsTheSameException(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("identity")) {
            for (Throwable failure : throwables()) {
                StackTraceElement[] trace = failure.getStackTrace();
                ControlledFuture subject = kind.in(scope);
                Future<Object> future = subject.future();
                LinkedBlockingQueue<Throwable> toCallback = new LinkedBlockingQueue<>();
                future.addDoneCallback(each -> toCallback.add(each.exception()));

                subject.fail(failure);

                for (int again = 0; again < 3; again++) {
                    assertSame(failure, cause(CompletionException.class, future::join));
                    assertSame(
                            failure,
                            cause(
                                    CompletionException.class,
                                    () -> future.join(Duration.ofDays(1))));
                    assertSame(failure, cause(CompletionException.class, future::result));
                    assertSame(failure, cause(ExecutionException.class, future::get));
                    assertSame(
                            failure,
                            cause(ExecutionException.class, () -> future.get(1, TimeUnit.DAYS)));
                    assertSame(failure, future.exception());
                    assertSame(failure, future.outcome().exceptionOrNull());
                    assertSame(failure, future.joinOutcome().exceptionOrNull());
                    assertSame(failure, future.cancelAndJoin("late").exceptionOrNull());
                    assertSame(
                            failure,
                            cause(
                                    CompletionException.class,
                                    () -> future.outcome().valueOrThrow()));
                    CompletableFuture<Object> view = future.toCompletableFuture();
                    assertSame(failure, cause(ExecutionException.class, view::get));
                    assertSame(failure, cause(CompletionException.class, view::join));
                }
                assertSame(failure, toCallback.take());
                assertSame(failure, scope.start("reader", future::exception).join());
                assertArrayEquals(trace, failure.getStackTrace(), "the stack trace was changed");
                assertEquals(0, failure.getSuppressed().length, "an exception was attached");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(15)
    void readersInOtherThreadsAndTasks_getTheSameException(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("identity")) {
            Copyable failure = new Copyable("broken", null);
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();
            PlainThread<Throwable> thread =
                    PlainThread.start("reader", () -> cause(ExecutionException.class, future::get));
            List<Task<Throwable>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(
                        scope.start(
                                "reader-" + i,
                                () -> cause(CompletionException.class, future::join)));
            }

            subject.fail(failure);

            assertSame(failure, thread.result());
            for (Task<Throwable> each : tasks) {
                assertSame(failure, each.join());
            }
            assertNull(failure.getCause());
        }
    }

    @Test
    @Rule(15)
    void aFailureGoesThroughEveryDerivationUnchanged() {
        Copyable failure = new Copyable("broken", null);
        try (TaskScope scope = leaks.open("identity")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            List<Future<?>> derived = new ArrayList<>();
            derived.add(source.map(String::length).map(length -> length + 1));
            derived.add(source.flatMap(Future::completed).flatMap(Future::completed));
            derived.add(scope.start(() -> "first").flatMap(first -> source.map(String::length)));
            derived.add(
                    source.recover(
                            e -> {
                                throw FutureKind.<RuntimeException>rethrow(e);
                            }));
            derived.add(
                    source.orTimeout(Duration.ofDays(1)).completeOnTimeout("", Duration.ofDays(1)));
            derived.add(source.shield().shield());
            derived.add(Future.from(source.toCompletableFuture()));
            derived.add(Gather.of(Gather.of(source).all()).failFast());

            source.fail(failure);

            for (Future<?> each : derived) {
                assertSame(failure, each.joinOutcome().exceptionOrNull(), each.toString());
            }
            assertSame(failure, source.exception());
            assertEquals(0, failure.getSuppressed().length);
        }
    }

    @Test
    @Rule(15)
    void aCancellationGoesThroughEveryDerivationUnchanged() {
        try (TaskScope scope = leaks.open("identity")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            List<Future<?>> derived = new ArrayList<>();
            derived.add(source.map(String::length).map(length -> length + 1));
            derived.add(source.flatMap(Future::completed));
            derived.add(scope.start(() -> "first").flatMap(first -> source));
            derived.add(source.recover(e -> "not called for a cancellation"));
            derived.add(source.orTimeout(Duration.ofDays(1)));
            derived.add(source.completeOnTimeout("", Duration.ofDays(1)));
            derived.add(source.shield().shield());

            source.cancel("not needed");

            for (Future<?> each : derived) {
                Outcome<?> end = each.joinOutcome();
                assertSame(
                        source.exception(),
                        assertInstanceOf(Outcome.Cancelled.class, end, each.toString())
                                .cancellation());
            }
        }
    }

    @Test
    @Rule(1)
    void interruptionOrCancellationAsAValue_isAFailure() {
        try (TaskScope scope = leaks.open("identity")) {
            for (Exception failure :
                    List.of(
                            new InterruptedException("a value, no thread was interrupted"),
                            new CancellationException("a value, no code has cancelled"))) {
                for (Future<String> each : failingWith(scope, failure)) {
                    assertSame(
                            failure,
                            assertInstanceOf(Outcome.Failure.class, each.joinOutcome())
                                    .exception());
                    assertFalse(each.isCancelled());
                    assertSame(failure, cause(CompletionException.class, each::join));
                    assertSame(failure, cause(ExecutionException.class, each::get));
                }
            }
        }
    }

    @Test
    @Rule(15)
    void wrapperThatABodyThrows_isUnwrappedOnceByMethodsThatThrow() {
        IOException inner = new IOException("inner");
        CompletionException nested = new CompletionException(new ExecutionException(inner));
        try (TaskScope scope = leaks.open("identity")) {
            for (Exception failure :
                    List.of(
                            new CompletionException(inner),
                            new ExecutionException(inner),
                            nested,
                            new CompletionException("without a cause", null))) {
                Throwable below = failure.getCause() == null ? failure : failure.getCause();
                for (Future<String> each : failingWith(scope, failure)) {
                    assertSame(failure, each.joinOutcome().exceptionOrNull(), "the same exception");
                    assertSame(failure, each.exception());
                    assertSame(below, cause(CompletionException.class, each::join));
                    assertSame(below, cause(CompletionException.class, each::result));
                    assertSame(below, cause(ExecutionException.class, each::get));
                    assertSame(
                            below, assertInstanceOf(Outcome.Failure.class, each.outcome()).cause());
                }
            }
        }
    }

    private static List<Future<String>> failingWith(TaskScope scope, Exception failure) {
        Promise<String> promise = FutureKind.promiseIn(scope);
        promise.fail(failure);
        Task<String> task =
                scope.start(
                        "thrower",
                        () -> {
                            throw failure;
                        });
        return List.of(promise, task);
    }

    @Test
    @Rule(15)
    void theSameObjectMayFailSeveralFutures() {
        Copyable failure = new Copyable("shared", null);
        try (TaskScope scope = leaks.open("identity")) {
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(
                        scope.start(
                                () -> {
                                    throw failure;
                                }));
            }
            Future<List<String>> group = Gather.of(tasks).failFast();

            assertSame(failure, group.joinOutcome().exceptionOrNull());
            for (Task<String> each : tasks) {
                Throwable end = each.joinOutcome().exceptionOrNull();
                assertSame(each.isCancelled() ? end : failure, end);
            }
        }
    }

    private static Throwable cause(Class<? extends Exception> wrapper, Executable read) {
        Exception thrown = assertThrows(wrapper, read);
        assertSame(wrapper, thrown.getClass(), "the JDK's wrapper itself");
        return thrown.getCause();
    }
}
