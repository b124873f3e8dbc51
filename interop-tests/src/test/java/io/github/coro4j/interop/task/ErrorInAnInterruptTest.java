package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** If the interrupt of a body throws an error of the JVM, its group and its scope still end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErrorInAnInterruptTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static List<Error> errors() {
        return List.of(
                new StackOverflowError("of a channel"),
                new OutOfMemoryError("of a channel"),
                new InternalError("of a channel"),
                new LinkageError("of a channel"));
    }

    private static final class Failing extends AbstractInterruptibleChannel {
        private final Error error;

        Failing(Error error) {
            this.error = error;
        }

        @Override
        protected void implCloseChannel() {
            throw error;
        }

        Object block(Gate gate) throws Exception {
            boolean completed = false;
            try {
                begin();
                gate.passUninterruptibly();
                completed = true;
            } finally {
                end(completed);
            }
            return null;
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    @Rule(20)
    void group_endsWithTheFailureThatStoppedIt(Error error) {
        IllegalStateException failure = new IllegalStateException("failed");
        try (TaskScope scope = leaks.open("channels")) {
            Gate gate = new Gate();
            Task<Object> victim = scope.start("victim", () -> new Failing(error).block(gate));
            gate.awaitReached();
            Promise<Object> promise = Promise.create();
            Future<?> group = Gather.of(promise, victim).failFast();

            assertTrue(promise.fail(failure));
            gate.open();

            assertSame(failure, group.joinOutcome().exceptionOrNull());
        }
        assertReported(error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    @Rule(23)
    void scope_closes(Error error) {
        TaskScope scope = leaks.open("channels");
        Gate gate = new Gate();
        Task<Object> victim = scope.start("victim", () -> new Failing(error).block(gate));
        gate.awaitReached();
        Thread closing = new Thread(scope::close);
        closing.start();
        gate.open();
        victim.joinOutcome();
        scope.close();
        assertReported(error);
    }

    private void assertReported(Error error) {
        for (FailureReport each : leaks.takeReports()) {
            assertEquals(FailureReport.Kind.INTERRUPT_FAILED, each.kind());
            assertSame(error, each.exception());
        }
    }

    /** R25: the consumer waits for the next child, and each child that is left waits for the consumer. */
    @Test
    @Rule(25)
    void childrenThatWaitForTheirConsumer_formACircle() {
        try (TaskScope scope = leaks.open("circle")) {
            Promise<Task<Integer>> me = Promise.create();
            Task<Integer> consumer =
                    scope.start(
                            "consumer",
                            () -> {
                                int sum = 0;
                                for (Future<Integer> each :
                                        scope.gather(List.of(1, 2, 3), item -> me.join().join())
                                                .asCompleted()) {
                                    if (each.exception() != null) {
                                        sum++;
                                    }
                                }
                                return sum;
                            });
            me.complete(consumer);
            Throwable end = consumer.joinOutcome().exceptionOrNull();
            if (end != null) {
                assertInstanceOf(
                        DeadlockException.class,
                        end instanceof CompletionException ? end.getCause() : end);
            } else {
                assertTrue(consumer.result() > 0);
            }
        }
        leaks.takeReports(); // A child that closed the circle has failed,
        // and the consumer no longer reads its group.
    }
}
