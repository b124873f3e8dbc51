package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.FailureReport;
import io.github.coro4j.FailureReport.Kind;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** If an executor, a callback or a body throws, its exception is read, or it is reported once (R16). */
@Rule(16)
class UnrulyCodeTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** When a scope passes work to its executor. */
    enum Handover {
        START(0) {
            @Override
            Future<?> in(TaskScope scope) {
                return scope.start("refused", () -> "ran");
            }
        },
        NEXT_UNDER_A_LIMIT(1) {
            @Override
            Future<?> in(TaskScope scope) {
                return scope.gather(List.of(1, 2), i -> i).concurrency(1).named("refused").all();
            }
        },
        FUNCTION(1) {
            @Override
            Future<?> in(TaskScope scope) {
                return scope.start("source", () -> "ran").map(value -> value);
            }
        };

        /** How many bodies the executor accepts before it throws. */
        final int taken;

        Handover(int taken) {
            this.taken = taken;
        }

        abstract Future<?> in(TaskScope scope);
    }

    @ParameterizedTest
    @EnumSource
    void anExceptionOfAnExecutorIsAFailure(Handover handover) throws Exception {
        RejectedExecutionException full = new RejectedExecutionException("full");
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            try (TaskScope scope = open(takes(handover.taken, threads, full))) {
                assertSame(full, handover.in(scope).joinOutcome().exceptionOrNull());
            }
            assertEquals(List.of(), leaks.takeReports(), "the failure was read");

            String[] typeAndName;
            try (TaskScope scope = open(takes(handover.taken, threads, full))) {
                Future<?> refused = handover.in(scope);
                scope.join();
                typeAndName = refused.toString().split(" ?\"");
            }
            assertEquals(
                    List.of(
                            new FailureReport(
                                    Kind.UNREAD_FAILURE,
                                    typeAndName[0].toLowerCase(Locale.ROOT),
                                    typeAndName[1],
                                    full)),
                    leaks.takeReports());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    @Rule(13)
    void aRejectedCallbackIsReportedAndTheFailureThatItReadIsNot() throws Exception {
        RejectedExecutionException full = new RejectedExecutionException("full");
        IOException broken = new IOException("broken");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("unruly")) {
            Task<String> task = fails(scope, broken);
            task.addDoneCallback(
                    done -> trail.add(done.exception().getMessage()),
                    callback -> {
                        throw full;
                    });
            assertEquals(
                    List.of(new FailureReport(Kind.CALLBACK_REJECTED, "task", "unruly", full)),
                    leaks.awaitReports(1));
            trail.await("broken");
        }
        trail.assertSteps("broken");
    }

    static Stream<Throwable> thrownByCallbacks() {
        return Stream.of(
                new IllegalStateException("callback"),
                new CancellationException("callback"),
                new StackOverflowError("callback"),
                new LinkageError("callback"));
    }

    @ParameterizedTest
    @MethodSource("thrownByCallbacks")
    @Rule(13)
    void anExceptionOfACallbackIsReportedAsWellAsTheUnreadFailure(Throwable thrown) {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("unruly")) {
            fails(scope, broken).addDoneCallback(done -> sneak(thrown));
            scope.join();
        }
        assertEquals(
                List.of(
                        new FailureReport(Kind.CALLBACK_FAILED, "task", "unruly", thrown),
                        new FailureReport(Kind.UNREAD_FAILURE, "task", "unruly", broken)),
                leaks.takeReports());
    }

    static Stream<Throwable> thrownByBodies() {
        return Stream.of(
                new IOException("checked"),
                new LinkageError("an error"),
                new OutOfMemoryError("an error of the machine"),
                new InterruptedException("not requested"),
                new CancellationException("of its own"),
                new CompletionException("a wrapper without a cause", null));
    }

    @ParameterizedTest
    @MethodSource("thrownByBodies")
    void anExceptionWithoutACancelIsAFailureThatIsReportedUnlessRead(Throwable thrown) {
        try (TaskScope scope = leaks.open("unruly")) {
            Task<String> task = fails(scope, thrown);
            assertSame(thrown, task.joinOutcome().exceptionOrNull());
            assertFalse(task.isCancelled());
            assertFalse(Thread.currentThread().isInterrupted());
        }
        assertEquals(List.of(), leaks.takeReports(), "the failure was read");
        try (TaskScope scope = leaks.open("unruly")) {
            fails(scope, thrown);
            scope.join();
        }
        assertEquals(
                List.of(new FailureReport(Kind.UNREAD_FAILURE, "task", "unruly", thrown)),
                leaks.takeReports());
    }

    private static Task<String> fails(TaskScope scope, Throwable thrown) {
        return scope.start(
                "unruly",
                () -> {
                    sneak(thrown);
                    return "not reached";
                });
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneak(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private TaskScope open(Executor executor) {
        return leaks.open("unruly", executor);
    }

    private static Executor takes(int count, Executor executor, RuntimeException then) {
        AtomicInteger taken = new AtomicInteger();
        return body -> {
            if (taken.getAndIncrement() >= count) {
                throw then;
            }
            executor.execute(body);
        };
    }
}
