package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.NothingLeaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Each {@link Work} in each {@link Place}, for a thread that holds something and for one that holds nothing: what the
 * work sees is that, and afterwards each thread holds what it held before.
 */
public final class PropagationMatrix {
    private PropagationMatrix() {}

    public static Stream<Arguments> of(Held... all) {
        List<Arguments> arguments = new ArrayList<>();
        for (Held held : all) {
            for (Work work : Work.values()) {
                for (Place place : Place.values()) {
                    arguments.add(Arguments.of(held, work, place, "context"));
                    arguments.add(Arguments.of(held, work, place, null));
                }
            }
        }
        return arguments.stream();
    }

    public static void check(NothingLeaks leaks, Held held, Work work, Place place, String context)
            throws Exception {
        ExecutorService executor = place.open();
        if (executor != null) {
            executor.submit(() -> held.set("its own")).get();
        }
        TaskScope.Builder builder = held.propagatedBy(TaskScope.builder().name("matrix"));
        held.set(context);
        try {
            TaskScope scope =
                    leaks.opened(
                            Place.on(executor, builder).failureListener(leaks.listener()).open());
            try (scope) {
                Bench bench = new Bench(scope, held);
                work.run(bench);
                assertEquals(
                        Collections.nCopies(work.looks(), String.valueOf(context)),
                        bench.seen(work.looks()));
                assertEquals(context, held.get(), "what the thread of the test holds");
            }
            assertEquals(
                    work.reports(), leaks.takeReports().stream().map(FailureReport::kind).toList());
            if (place == Place.ONE_THREAD) {
                assertEquals(
                        "its own", executor.submit(held::get).get(), "what its one thread holds");
            }
        } finally {
            held.set(null);
            if (executor != null) {
                executor.shutdown();
            }
        }
    }
}
