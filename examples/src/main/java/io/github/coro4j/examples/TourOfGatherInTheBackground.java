package io.github.coro4j.examples;

import static io.github.coro4j.examples.TourStage.range;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.util.List;

/** The tutorial on how to run asyncio.gather() in the background. */
final class TourOfGatherInTheBackground {
    private final TourStage stage;

    TourOfGatherInTheBackground(TourStage stage) {
        this.stage = stage;
    }

    void play() {
        stage.example(
                "Example of asyncio.gather() with Many Coroutines",
                main -> {
                    List<Integer> results = gatherTen(main).join();
                    stage.print(results);
                });

        stage.example(
                "Example of asyncio.gather() In The Background",
                main -> {
                    Future<List<Integer>> future = gatherTen(main);
                    while (!future.isDone()) {
                        stage.sleep(); // or something better to do
                    }
                    stage.print(future.result());
                });

        stage.example(
                "Example of asyncio.gather() In Background With asyncio.create_task()",
                main -> {
                    main.gather(
                                    range(10),
                                    value -> {
                                        stage.sleepUntilCancelled();
                                        return value * 100;
                                    })
                            .all();
                    // main.start(future)
                    stage.print("(a group's future as a task's body does not compile)");
                    throw new IllegalStateException("main fails while the gather is running");
                });
    }

    private Future<List<Integer>> gatherTen(TaskScope main) {
        TourTurns turns = new TourTurns(stage, 10);
        return main.gather(range(10), value -> taskCoro(value, turns)).all();
    }

    private int taskCoro(int value, TourTurns turns) throws InterruptedException {
        stage.sleep();
        turns.print(value, ">" + value + " done");
        return value * 100;
    }
}
