package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.TaskScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Runs each {@link UserCode} in each {@link Pool}, for a thread that holds a value and for a thread that holds none. The code
 * must see the same, and afterwards each thread must hold the value that it held before.
 */
public final class PropagationMatrix {
    private PropagationMatrix() {}

    public static Stream<Arguments> of(ThreadValue... all) {
        List<Arguments> arguments = new ArrayList<>();
        for (ThreadValue held : all) {
            for (UserCode code : UserCode.values()) {
                for (Pool pool : Pool.values()) {
                    arguments.add(Arguments.of(held, code, pool, "context"));
                    arguments.add(Arguments.of(held, code, pool, null));
                }
            }
        }
        return arguments.stream();
    }

    public static void check(
            NothingLeaks leaks, ThreadValue held, UserCode code, Pool pool, String context)
            throws Exception {
        ExecutorService executor = pool.open();
        if (executor != null) {
            executor.submit(() -> held.set("its own")).get();
        }
        TaskScope.Builder builder = held.propagatedBy(TaskScope.builder().name("matrix"));
        held.set(context);
        try {
            TaskScope scope =
                    leaks.opened(
                            Pool.on(executor, builder).failureListener(leaks.listener()).open());
            try (scope) {
                ContextProbe probe = new ContextProbe(scope, held);
                code.run(probe);
                assertEquals(
                        Collections.nCopies(code.looks(), String.valueOf(context)),
                        probe.seen(code.looks()));
                assertEquals(context, held.get(), "the value that the thread of the test holds");
            }
            assertEquals(
                    code.reports(), leaks.takeReports().stream().map(FailureReport::kind).toList());
            if (pool == Pool.ONE_THREAD) {
                assertEquals(
                        "its own",
                        executor.submit(held::get).get(),
                        "the value that its one thread holds");
            }
        } finally {
            held.set(null);
            if (executor != null) {
                executor.shutdown();
            }
        }
    }
}
