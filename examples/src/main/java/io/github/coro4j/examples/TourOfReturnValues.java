package io.github.coro4j.examples;

import static io.github.coro4j.examples.TourStage.range;

import java.util.List;

/** The tutorial "Asyncio gather() Return Values". */
final class TourOfReturnValues {
    private final TourStage stage;

    TourOfReturnValues(TourStage stage) {
        this.stage = stage;
    }

    void play() {
        stage.example(
                "Example of asyncio.gather() Return Values",
                main -> {
                    List<Integer> results = main.gather(range(5), this::taskCoro).all().join();
                    stage.print(List.class); // which Python asks at run time, and the compiler knew
                    for (int result : results) {
                        stage.print(result);
                    }
                });
    }

    private int taskCoro(int value) {
        stage.sleep();
        return value * 100;
    }
}
