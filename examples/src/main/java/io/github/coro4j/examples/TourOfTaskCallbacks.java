package io.github.coro4j.examples;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.function.Consumer;

/** The tutorial on asyncio's task done callback functions. */
final class TourOfTaskCallbacks {
    private final TourStage stage;

    TourOfTaskCallbacks(TourStage stage) {
        this.stage = stage;
    }

    void play() {
        example(
                "Example of Adding a Task Done Callback Function",
                task -> task.addDoneCallback(this::callback));

        example(
                "Example of Adding More Than One Task Done Callback Function",
                task -> {
                    task.addDoneCallback(this::callback);
                    task.addDoneCallback(this::callback2);
                });

        example(
                "Example of Adding and Removing a Task Done Callback Function",
                task -> {
                    Consumer<Future<?>> callback = this::callback;
                    task.addDoneCallback(callback);
                    task.removeDoneCallback(callback);
                });

        example(
                "Example of Removing a Nonexistent Done Callback Function",
                task -> {
                    Consumer<Future<?>> callback = this::callback;
                    task.removeDoneCallback(callback);
                });

        stage.wholeExample(
                "Example of Adding a Done Callback Function After the Task is Done",
                main -> {
                    stage.printFirstLine();
                    Task<Void> task = main.launch("Task-2", this::taskCoroutine);
                    task.join();
                    // It may be called at once, on another thread: here it waits for main's last
                    // line.
                    Promise<Void> mainIsDone = Promise.create();
                    task.addDoneCallback(
                            f -> {
                                mainIsDone.join();
                                callback(f);
                            });
                    stage.printLastLine();
                    mainIsDone.complete(null);
                });

        example(
                "Example of Exception in Task Done Callback Function",
                task -> {
                    task.addDoneCallback(
                            f -> {
                                callback(f);
                                throw new RuntimeException("Something bad happened");
                            });
                    task.addDoneCallback(this::callback2);
                });

        example(
                "Example of Adding a Badly Defined Task Done Callback Function",
                // task.addDoneCallback(() -> stage.print("Task is done"))
                task -> stage.print("(a callback without a parameter does not compile)"));

        example(
                "Example of Adding a Coroutine as a Task Done Callback Function",
                // ThrowingRunnable callback = () -> stage.sleep(); task.addDoneCallback(callback)
                task -> stage.print("(a task's body as a callback does not compile)"));

        stage.example(
                "Note that a done callback function could create and schedule a task",
                main -> {
                    Promise<Task<Void>> followUp = Promise.create();
                    Task<Void> task = main.launch("Task-2", this::taskCoroutine);
                    task.addDoneCallback(
                            f -> {
                                callback(f);
                                followUp.complete(main.launch("Task-3", this::taskCoroutine));
                            });
                    followUp.join().join();
                });
    }

    /** The main that most examples of this tutorial share. */
    private void example(String title, Consumer<Task<Void>> withTask) {
        stage.example(
                title,
                main -> {
                    try (TaskScope scope =
                            TaskScope.builder()
                                    .name("tasks")
                                    .failureListener(
                                            report -> {
                                                stage.print(report.message());
                                                stage.print(report.exception());
                                            })
                                    .open()) {
                        Promise<Void> begun = Promise.create();
                        Promise<Void> mayEnd = Promise.create();
                        Task<Void> task =
                                scope.launch(
                                        "Task-2",
                                        () -> {
                                            taskCoroutine();
                                            begun.complete(null);
                                            mayEnd.join();
                                        });
                        begun.join();
                        withTask.accept(task);
                        mayEnd.complete(null);
                        task.join();
                    } // waits for the callbacks too, which join() does not
                });
    }

    private void taskCoroutine() {
        stage.print("executing the task");
        stage.sleep();
    }

    private void callback(Future<?> task) {
        stage.print("Task is done");
    }

    private void callback2(Future<?> task) {
        stage.print("Task: " + task);
    }
}
