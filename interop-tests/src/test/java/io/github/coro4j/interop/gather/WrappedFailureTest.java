package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A group may fail with a wrapper of the JDK, because a body did not catch what an inner {@code join} threw. A reader
 * that joins the group gets the cause of the wrapper, so no failure may be attached to the wrapper only (R17).
 */
class WrappedFailureTest {
    private interface Use extends BiFunction<TaskScope, List<Callable<String>>, Future<?>> {}

    private static Named<Use> use(String name, Use use) {
        return Named.of(name, use);
    }

    static Stream<Named<Use>> groups() {
        return Stream.of(
                use("failFast", (scope, bodies) -> scope.gather(bodies).failFast()),
                use("firstSuccess", (scope, bodies) -> scope.gather(bodies).firstSuccess()),
                use("atLeast", (scope, bodies) -> scope.gather(bodies).atLeast(1)),
                use(
                        "hedge",
                        (scope, bodies) ->
                                scope.hedge(2, Duration.ofMillis(1), i -> bodies.get(i).call())),
                use(
                        "nested",
                        (scope, bodies) ->
                                Gather.of(List.of(scope.gather(bodies).failFast())).failFast()));
    }

    @ParameterizedTest
    @MethodSource("groups")
    @Rule(17)
    void aFailureThatAReaderOfTheGroupCannotSeeIsReported(Use group) {
        CountDownLatch bothRun = new CountDownLatch(2);
        Set<Throwable> inner = Set.of(new IOException("a"), new IOException("b"));
        List<Callable<String>> bodies = new ArrayList<>();
        for (Throwable each : inner) {
            bodies.add(
                    () -> {
                        bothRun.countDown();
                        // Not await(), which an interrupt ends even if the latch is open.
                        while (bothRun.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        throw new CompletionException(each);
                    });
        }
        Set<Throwable> seen = new HashSet<>();
        List<FailureReport> reports = new CopyOnWriteArrayList<>();
        try (TaskScope scope = TaskScope.builder().failureListener(reports::add).open()) {
            Future<?> future = group.apply(scope, bodies);
            Throwable read = assertThrows(CompletionException.class, future::join).getCause();
            seen.add(read);
        }
        assertEquals(1, reports.size(), () -> "reports: " + reports);
        // Either body may have failed first.
        seen.add(reports.get(0).exception().getCause());
        assertEquals(inner, seen);
    }
}
