package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stack overflow in user code is a failure like any other, and affects no other code. */
class StackOverflowTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();
    private final ExecutorService single = Executors.newSingleThreadExecutor();

    @AfterEach
    void shutDown() {
        single.shutdown();
    }

    @Test
    @Rule(15)
    void anOverflowInABodyFailsTheTaskAndTheThreadGoesOn() {
        try (TaskScope scope = leaks.open("overflow", single)) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            AtomicReference<StackOverflowError> thrown = new AtomicReference<>();
            Task<Integer> deep =
                    scope.start(
                            () -> {
                                thread.set(Thread.currentThread());
                                try {
                                    return recurse(0);
                                } catch (StackOverflowError e) {
                                    thrown.set(e);
                                    throw e;
                                }
                            });
            Throwable failure = failureOf(deep);
            assertSame(thrown.get(), failure);

            Task<Task<?>> next =
                    scope.start(
                            () -> {
                                assertSame(thread.get(), Thread.currentThread());
                                assertFalse(Thread.currentThread().isInterrupted());
                                return Task.current();
                            });
            assertSame(next, next.join());
        }
    }

    /** The body catches the error, and its thread still knows the current task. */
    @Test
    void afterACaughtOverflowTheTaskIsStillTheCurrentTask() {
        try (TaskScope scope = leaks.open("overflow")) {
            Task<Task<?>> task =
                    scope.start(
                            () -> {
                                DeepStack.into(
                                        number -> assertInstanceOf(Task.class, Task.current()));
                                assertEquals(1, Task.start(() -> 1).join());
                                return Task.current();
                            });
            assertSame(task, task.join());
        }
    }

    @Test
    @Rule(17)
    void anOverflowInABodyOfAGroupFailsTheChild() {
        try (TaskScope scope = leaks.open("overflow", single)) {
            List<Outcome<Integer>> ends =
                    scope.gather(List.of(0, 1, 2), StackOverflowTest::recurse)
                            .concurrency(1)
                            .settled()
                            .join();
            for (Outcome<Integer> each : ends) {
                assertInstanceOf(StackOverflowError.class, each.exceptionOrNull());
            }
            Future<List<Integer>> fast =
                    scope.gather(List.of(0, 1), StackOverflowTest::recurse).failFast();
            assertInstanceOf(StackOverflowError.class, failureOf(fast));
        }
    }

    @Test
    void anOverflowInAFunctionFailsTheDerivedFuture() {
        try (TaskScope scope = leaks.open("overflow", single)) {
            Promise<Integer> promise = scope.<Promise<Integer>>start(Promise::create).join();
            Future<Integer> mapped = promise.map(StackOverflowTest::recurse);
            Future<Integer> flat = promise.flatMap(value -> Future.completed(recurse(value)));
            Future<Integer> recovered = mapped.recover(failure -> recurse(0));
            promise.complete(0);
            assertInstanceOf(StackOverflowError.class, failureOf(mapped));
            assertInstanceOf(StackOverflowError.class, failureOf(flat));
            assertInstanceOf(StackOverflowError.class, failureOf(recovered));
        }
    }

    @Test
    @Rule(13)
    void anOverflowInACallbackIsReportedAndTheOthersRun() throws Exception {
        CountDownLatch called = new CountDownLatch(3);
        try (TaskScope scope = leaks.open("overflow")) {
            Task<Integer> task = scope.start("source", () -> 1);
            for (Executor executor : List.<Executor>of(single, Runnable::run)) {
                task.addDoneCallback(done -> recurse(done.result()), executor);
                task.addDoneCallback(
                        done -> {
                            assertNull(Task.current());
                            called.countDown();
                        },
                        executor);
            }
            task.addDoneCallback(done -> recurse(done.result()));
            task.addDoneCallback(done -> called.countDown());
            assertEquals(1, task.join());
            called.await();
        }
        List<FailureReport> reports = leaks.awaitReports(3);
        for (FailureReport each : reports) {
            assertEquals(FailureReport.Kind.CALLBACK_FAILED, each.kind());
            assertEquals("source", each.name());
            assertInstanceOf(StackOverflowError.class, each.exception());
        }
    }

    @Test
    void anOverflowInAFailureListenerIsLogged() {
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("overflow")
                                .failureListener(report -> recurse(0))
                                .open())) {
            scope.start(
                    () -> {
                        throw new IllegalStateException("unread");
                    });
            scope.join();
        }
        assertEquals(2, leaks.takeLogged().size());
    }

    @Test
    void anOverflowInTheMainBodyFailsTheRun() {
        StackOverflowError thrown =
                assertThrows(
                        StackOverflowError.class,
                        () -> {
                            try {
                                TaskScope.run("run", scope -> recurse(0));
                            } catch (CompletionException e) {
                                throw e.getCause();
                            }
                        });
        assertNull(Task.current(), thrown::toString);
        assertFalse(Thread.currentThread().isInterrupted());
    }

    private static Throwable failureOf(Future<?> future) {
        return future.joinOutcome().exceptionOrNull();
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }
}
