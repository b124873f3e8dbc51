package io.github.coro4j.examples;

import static io.github.coro4j.examples.TourStage.range;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.List;

/** The section "Examples of gather() with Failures" of the tutorial on asyncio.gather(). */
final class TourOfGatherFailures {
    private final TourStage stage;

    TourOfGatherFailures(TourStage stage) {
        this.stage = stage;
    }

    void play() {
        stage.example(
                "Example of gather() Where One Awaitable Fails",
                main -> gatherTen(main).all().join());

        stage.example(
                "Example of gather() With Return Exceptions",
                main -> {
                    List<Outcome<Void>> results = gatherTen(main).settled().join();
                    stage.print(results);
                });

        stage.example(
                "Example of gather() Where One Task is Canceled",
                main -> gatherTwo(main).all().join());

        stage.example(
                "Example of gather() Where One Task is Canceled With Return Exceptions",
                main -> {
                    List<Outcome<Void>> results = gatherTwo(main).settled().join();
                    stage.print(results);
                });

        stage.example(
                "Example of Canceling All Tasks in gather()",
                main -> {
                    Promise<Future<?>> group = Promise.create();
                    // One at a time, so that the others are cancelled before their first step.
                    Future<List<Void>> future =
                            main.gather(range(10), value -> cancelsTheGroup(value, group.join()))
                                    .concurrency(1)
                                    .named("group")
                                    .all();
                    group.complete(future);
                    future.join();
                });
    }

    private Gather<Void> gatherTen(TaskScope main) {
        TourTurns turns = new TourTurns(stage, 10);
        return main.gather(range(10), value -> taskCoro(value, turns));
    }

    private Void taskCoro(int value, TourTurns turns) throws Exception {
        turns.print(value, ">task " + value + " executing");
        stage.sleep();
        if (value == 0) {
            throw new Exception("Something bad happened");
        }
        return null;
    }

    private Gather<Void> gatherTwo(TaskScope main) {
        TourTurns turns = new TourTurns(stage, 2);
        Task<Void> task0 =
                main.launch(
                        "task 0",
                        () -> {
                            turns.print(0, ">task 0 executing");
                            stage.sleepUntilCancelled();
                        });
        Task<Void> task1 =
                main.launch(
                        "task 1",
                        () -> {
                            turns.print(1, ">task 1 executing");
                            task0.cancel();
                            stage.sleep();
                        });
        return Gather.of(task0, task1);
    }

    private Void cancelsTheGroup(int value, Future<?> group) {
        stage.print(">task " + value + " executing");
        if (value == 0) {
            group.cancel();
        }
        stage.sleepUntilCancelled();
        return null;
    }
}
