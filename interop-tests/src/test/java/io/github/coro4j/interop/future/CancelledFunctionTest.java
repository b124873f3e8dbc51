package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.DerivedCancelTest.reasonOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R5 to R8: what a cancel of a derived future does to its function. */
class CancelledFunctionTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(5)
    void cancellingInterruptsTheFunctionThatRuns() {
        try (TaskScope scope = leaks.open("derived")) {
            Gate gate = new Gate();
            Trail trail = new Trail();
            Future<String> mapped =
                    scope.start(() -> "value")
                            .map(
                                    value -> {
                                        try {
                                            gate.pass();
                                            return value;
                                        } finally {
                                            trail.add("cleaned up");
                                        }
                                    });
            gate.awaitReached();

            assertInstanceOf(Outcome.Cancelled.class, mapped.cancelAndJoin("enough"));

            trail.assertSteps("cleaned up");
            assertEquals("enough", reasonOf(mapped));
        }
    }

    @Test
    @Rule(6)
    void aFunctionThatHasNotBegunNeverRuns() {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Trail trail = new Trail();
            Promise<String> promise = FutureKind.promiseIn(scope);
            Gate gate = new Gate();
            scope.launch("blocker", gate::pass);
            gate.awaitReached();
            Future<String> mapped =
                    promise.map(
                            value -> {
                                trail.add("ran");
                                return value;
                            });
            promise.complete("value");

            assertTrue(mapped.cancel("not needed"));

            assertTrue(mapped.isDone());
            assertTrue(mapped.isCancelled());
            gate.open();
            scope.launch(() -> {}).join();
            trail.assertSteps();
            assertEquals("value", promise.result(), "the source was done");
        }
    }

    @Test
    @Rule({7, 8})
    void aFunctionThatSwallowsTheRequestDoesNotLeakTheFutureItReturns() {
        try (TaskScope scope = leaks.open("derived")) {
            Promise<String> inner = FutureKind.promiseIn(scope);
            Gate gate = new Gate();
            Future<String> flat =
                    scope.start(() -> "value")
                            .flatMap(
                                    value -> {
                                        gate.passUninterruptibly();
                                        return inner;
                                    });
            gate.awaitReached();
            flat.cancel("enough");
            gate.open();

            assertEquals("enough", reasonOf(flat));
            assertTrue(inner.isCancelled(), "no other code would end it");
        }
    }
}
