package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failure listener is called with the context of the work that failed (R27). */
@Rule(27)
class ContextOfReportsTest extends TenantOfReports {
    @ParameterizedTest
    @EnumSource
    void unreadFailure_isReportedInTheContextOfItsWork(FailingWork work) throws Exception {
        TaskScope scope = leaks.opened(builder().open());
        try (scope) {
            tenant.set("maker");
            Promise<String> promise = scope.start(() -> Promise.<String>create()).join();
            tenant.set("acme");
            Future<?> failed = work.fail(scope, promise, boom);
            tenant.set("closer");
            ControlledFuture.awaitDone(failed);
            assertEquals(List.of(), heard.steps());
        }
        heard.assertSteps("UNREAD_FAILURE of " + work.label + ", " + work.tenant);
        assertEquals("closer", tenant.get());
    }

    @ParameterizedTest
    @EnumSource
    void failureOfOtherCode_isReportedInTheContextOfThatCode(FailingCode code) throws Exception {
        TaskScope scope = leaks.opened(builder().open());
        try (scope) {
            tenant.set("maker");
            Promise<String> promise = scope.start(() -> Promise.<String>create()).join();
            promise.named("answer");
            tenant.set("acme");
            code.fail(scope, promise, boom);
            tenant.set("closer");
            scope.join();
        }
        heard.assertSteps(code.report + ", acme");
    }

    @Test
    void failureOfALaunch_isReportedAtOnceInItsContext() {
        try (TaskScope scope = leaks.opened(builder().open())) {
            tenant.set("acme");
            scope.launch("audit", this::fail);
            tenant.set("closer");
            scope.join();
            heard.assertSteps("UNREAD_FAILURE of task \"audit\", acme");
        }
    }

    @Test
    void failureOfAnExecutedRunnable_isReportedAtOnceInItsContext() {
        try (TaskScope scope = leaks.opened(builder().open())) {
            tenant.set("acme");
            scope.asExecutorService()
                    .execute(
                            () -> {
                                throw new IllegalStateException("boom");
                            });
            tenant.set("closer");
            scope.join();
            assertEquals(1, heard.steps().size());
            assertEquals("acme", heard.steps().get(0).replaceAll(".*, ", ""));
        }
    }

    @Test
    void droppedFailure_isReportedInItsContext() throws Exception {
        try (TaskScope scope = leaks.opened(builder().open())) {
            tenant.set("acme");
            ControlledFuture.awaitDone(scope.start("dropped", this::fail));
            tenant.remove();
            while (heard.steps().isEmpty()) {
                System.gc();
            }
            heard.assertSteps("UNREAD_FAILURE of task \"dropped\", acme");
        }
        assertEquals(1, heard.steps().size());
    }

    @Test
    void emptyContext_isInstalledToo() throws Exception {
        try (TaskScope scope = leaks.opened(builder().open())) {
            Task<String> failed = scope.start("work", this::fail);
            ControlledFuture.awaitDone(failed);
            tenant.set("closer");
        }
        heard.assertSteps("UNREAD_FAILURE of task \"work\", null");
        assertEquals("closer", tenant.get());
    }

    // A scope without propagators, so the listener sees the thread that closes it.
    @Test
    void withoutAPropagator_theListenerSeesItsOwnThread() throws Exception {
        TaskScope scope =
                leaks.opened(TaskScope.builder().name("plain").failureListener(this::hear).open());
        try (scope) {
            tenant.set("acme");
            ControlledFuture.awaitDone(scope.start("work", this::fail));
            tenant.set("closer");
        }
        heard.assertSteps("UNREAD_FAILURE of task \"work\", closer");
    }

    @Test
    void refusedBody_isReportedInTheContextOfItsStarter() {
        TaskScope scope =
                leaks.opened(
                        builder()
                                .executor(
                                        body -> {
                                            throw new RejectedExecutionException("full");
                                        })
                                .open());
        try (scope) {
            tenant.set("acme");
            scope.start("work", () -> "value");
            tenant.set("closer");
        }
        heard.assertSteps("UNREAD_FAILURE of task \"work\", acme");
    }

    @Test
    void defaultListener_logsInTheContextOfTheWork() throws Exception {
        Logger logger = Logger.getLogger("io.github.coro4j");
        Handler handler =
                new Handler() {
                    @Override
                    public void publish(LogRecord line) {
                        heard.add(tenant.get());
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                };
        logger.addHandler(handler);
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(tenant))
                                .open())) {
            tenant.set("acme");
            ControlledFuture.awaitDone(scope.start("work", this::fail));
            tenant.set("closer");
        } finally {
            logger.removeHandler(handler);
        }
        heard.assertSteps("acme");
        assertEquals(1, leaks.takeLogged().size());
    }
}
