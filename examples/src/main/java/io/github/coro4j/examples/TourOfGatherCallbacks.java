package io.github.coro4j.examples;

import static io.github.coro4j.examples.TourStage.range;

import io.github.coro4j.Future;
import java.util.List;

/** The tutorial "Asyncio gather() Add Done Callback Function". */
final class TourOfGatherCallbacks {
    private final TourStage stage;

    TourOfGatherCallbacks(TourStage stage) {
        this.stage = stage;
    }

    void play() {
        stage.wholeExample(
                "Example of a Done Callback Function for gather()",
                main -> {
                    Future<List<Integer>> future = main.gather(range(10), this::taskCoro).all();
                    future.addDoneCallback(this::handler);
                    // Main goes on with other things; the program ends when tasks and callbacks
                    // have.
                });

        stage.wholeExample(
                "How to Run a Function After All Tasks Finish",
                main -> {
                    Future<List<Integer>> future = main.gather(range(10), this::taskCoro).all();
                    future.join();
                    handler(future);
                });
    }

    private void handler(Future<List<Integer>> future) {
        for (int result : future.result()) {
            stage.print(">got " + result);
        }
    }

    private int taskCoro(int value) {
        stage.sleep();
        return value * 10;
    }
}
