package io.github.coro4j.examples;

import static io.github.coro4j.examples.TourStage.range;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import java.util.List;

/** The tutorial on how to await tasks concurrently with asyncio.gather(), without its section on failures. */
final class TourOfGather {
    private final TourStage stage;

    TourOfGather(TourStage stage) {
        this.stage = stage;
    }

    void playExamples() {
        stage.example(
                "Example of gather() For One Coroutine",
                main -> {
                    Task<Void> coro =
                            main.launch(
                                    () -> {
                                        stage.print("task executing");
                                        stage.sleep();
                                    });
                    Gather.of(coro).all().join();
                });

        stage.example(
                "Example of gather() For Many Coroutines",
                main -> {
                    TourTurns turns = new TourTurns(stage, 3);
                    Task<Integer> task0 = main.start(() -> taskCoro(0, turns));
                    Task<Integer> task1 = main.start(() -> taskCoro(1, turns));
                    Task<Integer> task2 = main.start(() -> taskCoro(2, turns));
                    Gather.of(task0, task1, task2).all().join();
                });

        stage.example(
                "Example of gather() For Many Coroutines in a List",
                main -> {
                    TourTurns turns = new TourTurns(stage, 10);
                    main.gather(range(10), value -> taskCoro(value, turns)).all().join();
                });

        stage.example(
                "Example of gather() With Return Values",
                main -> {
                    TourTurns turns = new TourTurns(stage, 10);
                    List<Integer> values =
                            main.gather(range(10), value -> taskCoro(value, turns)).all().join();
                    stage.print(values);
                });

        stage.example(
                "Example of gather() With Nested Groups",
                main -> {
                    TourTurns turns = new TourTurns(stage, 6);
                    Future<List<Integer>> group1 =
                            main.gather(List.of(0, 1, 2), value -> taskCoro(value, turns)).all();
                    Future<List<Integer>> group2 =
                            main.gather(List.of(3, 4, 5), value -> taskCoro(value, turns)).all();
                    Future<List<List<Integer>>> group3 = Gather.of(group1, group2).all();
                    group3.join();
                });

        stage.example(
                "Example of gather() Mix of Tasks and Coroutines",
                main -> {
                    TourTurns turns = new TourTurns(stage, 5);
                    // Every argument of of() runs already; the turns are those of the tutorial.
                    Task<Void> task1 = main.launch(() -> turns.print(0, ">task 1 executing"));
                    Task<Void> task3 = main.launch(() -> turns.print(1, ">task 3 executing"));
                    Task<Void> task0 = main.launch(() -> turns.print(2, ">task 0 executing"));
                    Task<Void> task2 = main.launch(() -> turns.print(3, ">task 2 executing"));
                    Task<Void> task4 = main.launch(() -> turns.print(4, ">task 4 executing"));
                    Future<List<Void>> group = Gather.of(task0, task1, task2, task3, task4).all();
                    while (!group.isDone()) {
                        stage.sleep(); // main waits around for a while
                    }
                });
    }

    void playCommonErrors() {
        stage.example(
                "Example of gather() Error With a List",
                main -> {
                    TourTurns turns = new TourTurns(stage, 10);
                    List<Task<Integer>> tasks =
                            range(10).stream()
                                    .map(value -> main.start(() -> taskCoro(value, turns)))
                                    .toList();
                    Gather.of(tasks).all().join(); // no error: a list is taken as it is
                });

        stage.wholeExample(
                "Example of gather() Error Without Await",
                main -> {
                    stage.printFirstLine();
                    TourTurns turns = new TourTurns(stage, 10);
                    Promise<Void> mainIsDone = Promise.create();
                    main.gather(
                                    range(10),
                                    value -> {
                                        mainIsDone.join();
                                        return taskCoro(value, turns);
                                    })
                            .all();
                    stage.printLastLine();
                    mainIsDone.complete(null);
                    // No error: what main leaves behind is waited for.
                });
    }

    private int taskCoro(int value, TourTurns turns) throws InterruptedException {
        turns.print(value, ">task " + value + " executing");
        stage.sleep();
        return value * 10;
    }
}
