package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Gather.When;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a scope cancels its own tasks and groups, but not the outer futures that its groups wait for. */
@Timeout(60)
@Rule(20)
class GatherOfOuterTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate gate = new Gate();

    /** Makes a future in the current task's scope that waits for the given future. */
    enum Waiting {
        ALL(f -> Gather.of(f).all()),
        FAIL_FAST(f -> Gather.of(f).failFast()),
        SETTLED(f -> Gather.of(f).settled()),
        FIRST_SUCCESS(f -> Gather.of(f).firstSuccess()),
        FIRST_DONE(f -> Gather.of(f).firstDone()),
        AT_LEAST(f -> Gather.of(f, f).atLeast(2)),
        UNTIL_FIRST(f -> Gather.of(f).until(When.FIRST_DONE)),
        UNTIL_ALL(f -> Gather.of(f).until(When.ALL_DONE)),
        BY_POLICY(f -> Gather.of(f).using(GoOn::new)),
        TIMED(f -> Gather.of(f).timeout(LONG).all()),
        WATCHED(f -> Gather.of(f).onProgress(p -> {}).settled()),
        KEYED(f -> Gather.keyed(Map.of("key", f)).failFast()),
        COMBINED(f -> Combination.of(f, f, (a, b) -> a).failFast()),
        NESTED(f -> Gather.of(Gather.of(f).all()).failFast()),
        GROUP_OF_MAPPED(f -> Gather.of(Gather.of(f).all().map(list -> list)).settled()),
        GROUP_OF_TIMED(f -> Gather.of(Gather.of(f).all().orTimeout(LONG)).all()),
        FLAT_MAPPED(f -> Future.completed("first").flatMap(first -> f)),
        GROUP_OF_FLAT_MAPPED(f -> Gather.of(Future.completed(1).flatMap(first -> f)).all());

        private final Function<Future<String>, Future<?>> wait;

        Waiting(Function<Future<String>, Future<?>> wait) {
            this.wait = wait;
        }
    }

    private static final class GoOn implements GatherPolicy<String, String> {
        @Override
        public Decision ended(int index, Outcome<String> outcome) {
            return Decision.GO_ON;
        }

        @Override
        public String result() {
            return "all have ended";
        }
    }

    /** How a scope ends. */
    enum End {
        CLOSE,
        CANCEL,
        DEADLINE;

        TaskScope open(NothingLeaks leaks) {
            TaskScope.Builder builder = TaskScope.builder().name("inner");
            if (this == DEADLINE) {
                builder.deadline(Duration.ofMillis(1));
            }
            return leaks.opened(builder.failureListener(leaks.listener()).open());
        }

        void end(TaskScope inner) {
            if (this == CANCEL) {
                inner.cancel("page closed");
            }
        }
    }

    static Stream<Arguments> every() {
        return Stream.of(Waiting.values())
                .flatMap(waiting -> Stream.of(End.values()).map(end -> Arguments.of(waiting, end)));
    }

    @ParameterizedTest
    @MethodSource("every")
    void theEndOfAScopeEndsTheGroupAndLeavesTheOuterTaskAlone(Waiting waiting, End end) {
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> task = outer.start("outer task", Bodies.returning("went on", gate));
            gate.awaitReached();
            Future<?> group = startAndEnd(waiting, end, task);
            assertFalse(task.isCancelling());
            assertFalse(task.isDone());
            assertTrue(group.isCancelled(), group::toString);
            gate.open();
            assertEquals("went on", task.join());
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void theEndOfAScopeLeavesAPromiseOfAnotherScopeAlone(Waiting waiting, End end) {
        Promise<String> promise = Promise.create();
        Future<?> group = startAndEnd(waiting, end, promise);
        assertFalse(promise.isDone());
        assertTrue(group.isCancelled(), group::toString);
        promise.complete("unharmed");
    }

    private Future<?> startAndEnd(Waiting waiting, End end, Future<String> awaited) {
        TaskScope inner = end.open(leaks);
        try {
            Gate made = new Gate();
            Future<?>[] group = new Future<?>[1];
            Task<Void> maker =
                    inner.launch(
                            () -> {
                                group[0] = waiting.wait.apply(awaited);
                                made.open();
                            });
            maker.joinOutcome();
            if (maker.isCancelled()) {
                // The deadline was faster than the body.
                return Future.cancelled("not even made");
            }
            end.end(inner);
            if (end != End.CLOSE) {
                group[0].joinOutcome();
            }
            inner.close();
            return group[0];
        } finally {
            inner.close();
        }
    }

    // The function of the excluded kinds may not have run when the cancel comes.
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLAT_MAPPED", "GROUP_OF_FLAT_MAPPED"})
    void anExplicitCancelStillCancelsTheOuterTask(Waiting waiting) {
        try (TaskScope outer = leaks.open("outer");
                TaskScope inner = leaks.open("inner")) {
            Task<String> task = outer.start(Bodies.returning("never", gate));
            gate.awaitReached();
            Future<?> group = inner.<Future<?>>start(() -> waiting.wait.apply(task)).join();
            group.cancelAndJoin("not wanted");
            assertTrue(task.isCancelled());
        }
    }

    @Test
    void aGroupOfAnInnerAndAnOuterTaskEndsOnceTheInnerTaskHasEnded() {
        Trail trail = new Trail();
        Gate cleaning = new Gate();
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> task = outer.start(Bodies.returning("went on", gate));
            TaskScope inner = leaks.open("inner");
            Gate never = new Gate();
            Task<String> own =
                    inner.start(
                            new SlowCleanUp(never, cleaning).then(() -> trail.add("cleaned up")));
            never.awaitReached();
            Future<?> group = inner.<Future<?>>start(() -> Gather.of(task, own).all()).join();
            group.addDoneCallback(f -> trail.add("group done"));
            inner.cancel("page closed");
            cleaning.awaitReached();
            assertFalse(group.isDone());
            cleaning.open();
            inner.close();
            trail.assertSteps("cleaned up", "group done");
            assertTrue(own.isCancelled());
            assertFalse(task.isCancelling());
            assertEquals("page closed", ((TaskCancelledException) group.exception()).reason());
            gate.open();
            task.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskMayCloseAScopeInWhichAGroupWaitsForThatTask(Waiting waiting) {
        try (TaskScope outer = leaks.open("outer")) {
            Task<String> task =
                    outer.start(
                            () -> {
                                @SuppressWarnings("unchecked")
                                Future<String> me = (Future<String>) Task.current();
                                try (TaskScope inner = TaskScope.open("inner")) {
                                    inner.launch(() -> waiting.wait.apply(me)).join();
                                }
                                return "went on";
                            });
            assertEquals("went on", task.join());
        }
    }

    /** A body that reads the children closes the stream when its scope ends. */
    @Test
    void aStreamThatIsClosedByTheEndOfItsScopeLeavesTheOuterTaskAlone() {
        for (int round = 0; round < 200; round++) {
            assertLeftAlone(
                    (task, made) -> {
                        try (Stream<Future<String>> ends = Gather.of(task).stream()) {
                            made.open();
                            return ends.count();
                        }
                    });
        }
    }

    @Test
    void aLoopThatIsLeftByTheEndOfItsScopeLeavesTheOuterTaskAlone() {
        for (int round = 0; round < 50; round++) {
            assertLeftAlone(
                    (task, made) -> {
                        Iterable<Future<String>> ends = Gather.of(task).asCompleted();
                        made.open();
                        for (Future<String> end : ends) {
                            end.joinOutcome();
                        }
                        return null;
                    });
        }
    }

    private void assertLeftAlone(BiFunction<Future<String>, Gate, Object> read) {
        Promise<String> promise = Promise.create();
        Gate made = new Gate();
        try (TaskScope inner = leaks.open("inner")) {
            inner.start(() -> read.apply(promise, made));
            made.passUninterruptibly();
        }
        assertFalse(promise.isDone());
    }
}
