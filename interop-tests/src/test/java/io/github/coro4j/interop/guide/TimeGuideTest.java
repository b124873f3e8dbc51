package io.github.coro4j.interop.guide;

import static io.github.coro4j.test.Coro4jAssertions.assertCancelled;
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/guide/time.md are regions of this class. */
class TimeGuideTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private Gate deaf = new Gate();
    private final Trail trail = new Trail();
    private final Duration limit = Duration.ofMillis(1);

    @Test
    void aTimeout_doesNotWaitForWorkThatIgnoresTheInterrupt() {
        try (TaskScope scope = leaks.open("app")) {
            // region Work that does not stop at once
            Future<String> page = scope.start("page", () -> render()).orTimeout(limit);
            try {
                show(page.join());
            } catch (CompletionException failed) {
                if (!(failed.getCause() instanceof TimeoutException)) throw failed;
                show("Please try again later.");
            }
            // endregion
            trail.assertSteps("Please try again later.");
            deaf.open();
        }
    }

    private void show(String text) {
        trail.add(text);
    }

    private String render() {
        deaf.passUninterruptibly();
        return "page";
    }

    @Coro4jTest
    void theTimeoutOfAShield_leavesTheWorkAlone(TestScope time) {
        deaf = Gate.ofPromise();
        try (TaskScope scope = leaks.open("app")) {
            Task<String> report = scope.start("report", () -> waitFor(deaf));
            // region Stop waiting, and let the work run
            Future<String> seen = report.shield().orTimeout(limit);
            // endregion
            passLimit(time, seen);
            assertTimedOut(seen);
            assertFalse(report.isDone() || report.isCancelling());
            deaf.open();
            assertEquals("report", report.join());
        }
    }

    private static String waitFor(Gate gate) throws InterruptedException {
        gate.pass();
        return "report";
    }

    @Coro4jTest
    void aDeadline_holdsForScopesOpenedInItsTasks_andForNoOtherScope(TestScope time) {
        deaf = Gate.ofPromise();
        TaskScope.Builder limited = TaskScope.builder().name("request").deadline(limit);
        try (TaskScope request = leaks.opened(limited.open());
                TaskScope beside = leaks.open("beside")) {
            Task<String> other = beside.start("other", () -> waitFor(deaf));
            Task<String> task = request.start("task", () -> inner());
            passLimit(time, task);
            assertCancelled(task);
            assertFalse(other.isCancelling());
            deaf.open();
            assertEquals("report", other.join());
        }
    }

    /** Advances the time until the limit passes, and the future is pending until then. */
    private void passLimit(TestScope time, Future<?> pending) {
        time.advanceBy(limit.minusNanos(1));
        assertPending(pending);
        time.advanceBy(Duration.ofNanos(1));
    }

    /** Waits for work of an inner scope that only the deadline can stop. */
    private static String inner() {
        try (TaskScope inner = TaskScope.open("inner")) {
            return inner.start("load", () -> waitFor(Gate.ofPromise())).join();
        }
    }
}
