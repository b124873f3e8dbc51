package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureListener;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/guide/failures.md are regions of this class. */
class FailuresGuideTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();

    @Test
    void theOriginalException_isTheCause() {
        IOException thrown = new IOException("no answer");
        assertSame(thrown, assertThrows(IOException.class, () -> read(Future.failed(thrown))));
        IllegalStateException other = new IllegalStateException("closed");
        Throwable failed =
                assertThrows(CompletionException.class, () -> read(Future.failed(other)));
        assertSame(other, failed.getCause());
    }

    private static String read(Future<String> page) throws IOException {
        // region A failure as an exception
        try {
            return page.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException original) throw original;
            throw failed;
        }
        // endregion
    }

    @Test
    void theListener_getsTheReport() {
        // region Who gets the report
        FailureListener toTheLog = report -> log(report.message(), report.exception());
        TaskScope.Builder builder = TaskScope.builder().name("shop").failureListener(toTheLog);
        // endregion
        try (TaskScope scope = leaks.opened(builder.open())) {
            scope.launch(
                    "mail",
                    () -> {
                        throw new IOException("no answer");
                    });
            scope.join();
        }
        trail.assertSteps(
                "task \"mail\" failed, and no code has read the failure: java.io.IOException: no answer");
    }

    private void log(String message, Throwable exception) {
        trail.add(message + ": " + exception);
    }

    @Test
    void anInnerJoin_addsNoWrapper_andAnErrorIsAFailure() {
        AssertionError thrown = new AssertionError("wrong");
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> outer =
                    scope.start("outer", () -> scope.start("inner", () -> fail(thrown)).join());
            assertSame(thrown, assertThrows(CompletionException.class, outer::join).getCause());
            assertEquals(7, scope.start(() -> 7).join());
        }
    }

    private static String fail(Error thrown) {
        throw thrown;
    }

    @Test
    void aCancellationWithoutARequest_isAFailure() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = scope.start(() -> cancelNothing());
            assertTrue(task.joinOutcome().isFailure());
        }
    }

    private static String cancelNothing() {
        throw new CancellationException("not requested");
    }

    @Test
    void aTaskThatWaitsForItself_getsADeadlockException() {
        try (TaskScope scope = leaks.open("scope")) {
            Task<Object> self = scope.start("self", () -> Task.current().join());
            assertInstanceOf(DeadlockException.class, self.joinOutcome().exceptionOrNull());
        }
    }
}
