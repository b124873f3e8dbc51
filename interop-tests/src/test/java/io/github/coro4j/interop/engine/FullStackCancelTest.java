package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** After a cancel that overflows the stack, the next cancel is delivered (R4, R5). */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullStackCancelTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The work that the tests cancel. It ends only if the cancel reaches the body at the gate. */
    enum Work {
        TASK((scope, gate) -> blocked(scope, gate)),
        DERIVED((scope, gate) -> blocked(scope, gate).map(never -> never)),
        LIMITED_IN_TIME((scope, gate) -> blocked(scope, gate).orTimeout(Duration.ofHours(1))),
        GROUP((scope, gate) -> scope.gather(List.of(1, 2, 3), item -> pass(gate)).all()),
        LIMITED(
                (scope, gate) ->
                        scope.gather(List.of(1, 2, 3), item -> pass(gate)).concurrency(2).all()),
        GATHERED(
                (scope, gate) ->
                        // A body makes the group, so that the group belongs to this scope.
                        scope.start(
                                        () ->
                                                Gather.of(
                                                                blocked(scope, gate),
                                                                blocked(scope, gate))
                                                        .failFast())
                                .join()),
        AROUND_A_RUN(
                (scope, gate) ->
                        scope.start(
                                () ->
                                        TaskScope.run(
                                                "inner",
                                                inner -> inner.start(() -> pass(gate)).join()))),
        WAITING_SUSPENDED(
                (scope, gate) ->
                        Suspend.call(
                                scope,
                                continuation ->
                                        Suspend.returning(continuation, blocked(scope, gate))));

        private final BiFunction<TaskScope, Gate, Future<?>> start;

        Work(BiFunction<TaskScope, Gate, Future<?>> start) {
            this.start = start;
        }

        static Task<Object> blocked(TaskScope scope, Gate gate) {
            return scope.start(() -> pass(gate));
        }

        static Object pass(Gate gate) throws InterruptedException {
            gate.pass();
            return null;
        }
    }

    /** Loads all classes, because to load a class needs more stack than any call. */
    @BeforeAll
    static void loadClasses() {
        for (Work work : Work.values()) {
            Gate gate = new Gate();
            TaskScope scope = TaskScope.open("warm-up");
            Future<?> future = work.start.apply(scope, gate);
            gate.awaitReached();
            future.cancel("enough");
            future.joinOutcome();
            scope.cancel("enough");
            scope.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(5)
    void theNextCancelIsDelivered(Work work) {
        try (TaskScope scope = leaks.open("overflow")) {
            Gate gate = new Gate();
            Future<?> future = work.start.apply(scope, gate);
            gate.awaitReached();

            int overflows = DeepStack.into(number -> future.cancel("enough"));

            assertTrue(overflows > 0);
            assertInstanceOf(Outcome.Cancelled.class, future.joinOutcome());
        }
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void theNextCancelOfTheScopeIsDelivered(Work work) {
        try (TaskScope scope = leaks.open("overflow")) {
            Gate gate = new Gate();
            Future<?> future = work.start.apply(scope, gate);
            gate.awaitReached();

            DeepStack.into(number -> scope.cancel("enough"));

            assertInstanceOf(Outcome.Cancelled.class, future.joinOutcome());
        }
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    @Rule(23)
    void aCloseThatOverflowsTheStackIsDoneByTheNextClose(Work work) {
        TaskScope scope = leaks.open("overflow");
        Gate gate = new Gate();
        Future<?> future = work.start.apply(scope, gate);
        gate.awaitReached();

        DeepStack.into(number -> scope.close());

        assertTrue(future.isDone());
    }
}
