package io.github.coro4j.interop.tutorials;

import io.github.coro4j.interop.testing.JavaCompilation;
import org.junit.jupiter.api.Test;

/** The mistakes in the tutorial of {@link TaskDoneCallbackTest}, under its names. The compiler refuses them. */
class TaskDoneCallbackMistakesTest {
    // Asyncio finds the mistake when the task is done. Here the compiler finds it.
    @Test
    void addingABadlyDefinedTaskDoneCallbackFunction() {
        JavaCompilation badlyDefined =
                JavaCompilation.ofStatements(
                        """
                        Task<Void> task = scope.launch(() -> {});
                        task.addDoneCallback(() -> System.out.println("Task is done"));
                        """);
        JavaCompilation wellDefined =
                JavaCompilation.ofStatements(
                        """
                        Task<Void> task = scope.launch(() -> {});
                        task.addDoneCallback(f -> System.out.println("Task is done"));
                        """);

        wellDefined.assertClean();
        badlyDefined.assertRefused(
                "task.addDoneCallback(() -> System.out.println(\"Task is done\"));",
                "compiler.err.prob.found.req",
                "incompatible parameter types in lambda expression");
    }

    // Asyncio calls the coroutine and drops its result. Here the compiler finds the mistake.
    @Test
    void addingACoroutineAsATaskDoneCallbackFunction() {
        JavaCompilation body =
                JavaCompilation.ofStatements(
                        """
                        Task<Void> task = scope.launch(() -> {});
                        ThrowingRunnable callback = () -> Thread.sleep(1000);
                        task.addDoneCallback(callback);
                        """);
        JavaCompilation startedBody =
                JavaCompilation.ofStatements(
                        """
                        Task<Void> task = scope.launch(() -> {});
                        ThrowingRunnable callback = () -> Thread.sleep(1000);
                        task.addDoneCallback(scope.launch(callback));
                        """);
        JavaCompilation callbackThatStartsIt =
                JavaCompilation.ofStatements(
                        """
                        Task<Void> task = scope.launch(() -> {});
                        ThrowingRunnable callback = () -> Thread.sleep(1000);
                        task.addDoneCallback(f -> scope.launch(callback));
                        """);

        callbackThatStartsIt.assertClean();
        body.assertRefused(
                "task.addDoneCallback(callback);",
                "compiler.err.prob.found.req",
                "io.github.coro4j.ThrowingRunnable cannot be converted to java.util.function.Consumer");
        startedBody.assertRefused(
                "task.addDoneCallback(scope.launch(callback));",
                "compiler.err.prob.found.req",
                "io.github.coro4j.Task<java.lang.Void> cannot be converted to java.util.function.Consumer");
    }
}
