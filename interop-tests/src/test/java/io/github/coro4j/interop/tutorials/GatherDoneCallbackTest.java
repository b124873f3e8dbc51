package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of the tutorial "Asyncio gather() Add Done Callback Function", SuperFastPython, November 2022. */
class GatherDoneCallbackTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate tasks = new Gate();
    private final List<Integer> values = TutorialBodies.range(10);

    private int taskCoro(int value) throws InterruptedException {
        tasks.pass();
        return value * 10;
    }

    @Test
    void doneCallbackFunctionForGather() {
        Gate handled = new Gate();
        AtomicReference<Future<List<Integer>>> group = new AtomicReference<>();
        AtomicReference<Future<List<Integer>>> given = new AtomicReference<>();
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    group.set(scope.gather(values, this::taskCoro).all());
                    group.get()
                            .addDoneCallback(
                                    future -> {
                                        given.set(future);
                                        future.result().forEach(each -> trail.add(">got " + each));
                                        handled.open();
                                    });
                    trail.add("main continues with other things");
                    tasks.open();
                    // Main waits for the callback, and never for the group itself.
                    handled.pass();
                    trail.add("main is done");
                    return null;
                });

        trail.assertSteps(
                "main continues with other things",
                ">got 0",
                ">got 10",
                ">got 20",
                ">got 30",
                ">got 40",
                ">got 50",
                ">got 60",
                ">got 70",
                ">got 80",
                ">got 90",
                "main is done");
        assertSame(group.get(), given.get());
    }

    @Test
    void waitingForTheGatherAndThenCallingTheHandler() {
        Consumer<List<Integer>> handler = results -> trail.add("handled " + results);
        TaskScope.run(
                "main",
                scope -> {
                    leaks.opened(scope);
                    Future<List<Integer>> group = scope.gather(values, this::taskCoro).all();
                    trail.add("done: " + group.isDone());
                    tasks.open();
                    List<Integer> results = group.join();
                    trail.add("main has waited");
                    handler.accept(results);
                    return null;
                });

        trail.assertSteps(
                "done: false",
                "main has waited",
                "handled [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]");
    }

    // The tutorial says that the callback comes when all tasks are done. In asyncio and here, it
    // comes with the first failure. Use settled() to wait for all.
    @Test
    void theCallbackRunsAtTheFirstFailureAndUnderSettledAtTheLastEnd() {
        Exception bad = new Exception("Something bad happened");
        AtomicReference<Throwable> surfaced = new AtomicReference<>();
        try (TaskScope scope = leaks.open("main")) {
            Future<Integer> failing =
                    scope.start(
                            () -> {
                                throw bad;
                            });
            Future<Integer> slow = scope.start(() -> taskCoro(1));
            Gather<Integer> plan = Gather.of(failing, slow);
            Future<?> settled =
                    plan.settled()
                            .map(
                                    outcomes -> {
                                        trail.add("all are done");
                                        return outcomes;
                                    });
            plan.all()
                    .addDoneCallback(
                            group -> {
                                surfaced.set(group.exception());
                                trail.add("failed");
                            });
            trail.await("failed");
            assertFalse(slow.isDone());
            assertFalse(slow.isCancelling());
            assertFalse(settled.isDone());
            tasks.open();
            settled.join();
        }
        trail.assertSteps("failed", "all are done");
        assertSame(bad, surfaced.get());
    }
}
