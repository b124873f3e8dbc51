package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.CancelTest.cancellationOf;
import static io.github.coro4j.interop.future.CancelTest.slowToStop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R4: the first cancel gives the reason, and every reader sees the same exception. */
class CancelReasonTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(4)
    void theFirstReasonWinsForEveryReader() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate cleanUp = new Gate();
            Task<String> task = slowToStop(scope, "fetch", cleanUp);

            assertTrue(task.cancel("first"));
            assertTrue(task.cancel("second"));
            assertTrue(task.cancel());
            assertTrue(task.cancel(true));
            cleanUp.open();

            TaskCancelledException seen = cancellationOf(task);
            assertEquals("first", seen.reason());
            assertEquals("fetch", seen.name());
            assertEquals("fetch was cancelled: first", seen.getMessage());
            assertSame(seen, task.exception());
            assertSame(seen, assertThrows(CancellationException.class, task::join));
            assertSame(seen, assertThrows(CancellationException.class, task::get));
            assertSame(
                    seen, assertInstanceOf(Outcome.Cancelled.class, task.outcome()).cancellation());
        }
    }

    @Test
    void aCancelWithoutAReasonStillNamesTheTask() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("fetch", gate::pass);
            gate.awaitReached();

            task.cancel();

            TaskCancelledException seen = cancellationOf(task);
            assertNull(seen.reason());
            assertEquals("fetch was cancelled", seen.getMessage());
        }
    }

    @Test
    void theStackTraceIsThatOfTheFirstRequest() {
        try (TaskScope scope = leaks.open("cancel")) {
            Gate cleanUp = new Gate();
            Task<String> task = slowToStop(scope, "fetch", cleanUp);

            firstRequest(task);
            task.cancel("second");
            cleanUp.open();

            StackTraceElement[] trace = cancellationOf(task).getStackTrace();
            assertTrue(
                    Arrays.stream(trace)
                            .anyMatch(line -> line.getMethodName().equals("firstRequest")),
                    Arrays.toString(trace));
        }
    }

    @Test
    @Rule(4)
    void aReasonIsKeptThroughManyReadersInManyThreads() throws Exception {
        AtomicReference<CancellationException> one = new AtomicReference<>();
        try (TaskScope scope = leaks.open("cancel")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            promise.cancel("left");
            for (int i = 0; i < 4; i++) {
                PlainThread.start(
                                "reader-" + i,
                                () -> {
                                    CancellationException seen =
                                            assertThrows(
                                                    CancellationException.class, promise::join);
                                    if (!one.compareAndSet(null, seen)) {
                                        assertSame(one.get(), seen);
                                    }
                                    return null;
                                })
                        .result();
            }
        }
        assertTrue(one.get().getMessage().contains("left"), one.get().getMessage());
    }

    private static void firstRequest(Task<?> task) {
        task.cancel("first");
    }
}
