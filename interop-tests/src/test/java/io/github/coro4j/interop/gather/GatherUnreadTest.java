package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Combination;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A group of futures that was made outside of any task belongs to the global scope, which never closes. The scope in
 * which the failure happened still reports it (R16, R17).
 */
@Timeout(120)
@Rule(16)
class GatherUnreadTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private static Stream<Named<Function<Task<String>, Future<?>>>> groups() {
        return Stream.of(
                Named.of("all", task -> Gather.of(task).all()),
                Named.of("failFast", task -> Gather.of(task).failFast()),
                Named.of("firstSuccess", task -> Gather.of(task).firstSuccess()),
                Named.of("atLeast", task -> Gather.of(task).atLeast(1)),
                Named.of("keyed", task -> Gather.keyed(Map.of("key", task)).all()),
                Named.of("combine", task -> Combination.of(task, task, (a, b) -> a + b).all()),
                Named.of("a group of a group", task -> Gather.of(Gather.of(task).all()).all()),
                Named.of("mapped", task -> Gather.of(task).all().map(List::size)));
    }

    // The test keeps the groups, so that the report does not depend on the garbage collector.
    @ParameterizedTest
    @MethodSource("groups")
    void theFailureOfAGroupIsReportedWhenTheScopeOfTheChildCloses(
            Function<Task<String>, Future<?>> group) {
        IOException boom = new IOException("boom");
        Gate gate = new Gate();
        List<Future<?>> kept = new ArrayList<>();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = scope.start("task", Bodies.throwing(boom, gate));
            kept.add(group.apply(task));
            gate.open();
            task.joinOutcome();
            scope.join();
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertSame(boom, reports.get(0).exception());
        assertSame(
                boom,
                assertThrows(CompletionException.class, kept.get(0)::join).getCause(),
                "a thread can still read the failure");
    }

    @Test
    void aReadFailureIsNotReported() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task =
                    scope.start(
                            () -> {
                                throw boom;
                            });
            Future<?> group = Gather.of(task).all();
            assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // The scope has reported the failure before the group exists.
    @Test
    void aGroupOverATaskOfAClosedScopeFailsToo() {
        IOException boom = new IOException("boom");
        Task<String> task;
        try (TaskScope scope = leaks.open("scope")) {
            task =
                    scope.start(
                            () -> {
                                throw boom;
                            });
            task.joinOutcome().exceptionOrNull();
        }
        leaks.takeReports();
        Future<?> group = Gather.of(task).all();
        assertSame(boom, assertThrows(CompletionException.class, group::join).getCause());
    }
}
