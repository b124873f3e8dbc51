package io.github.coro4j.spring.async;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Runs work as tasks of a scope. If an {@code @Async} method returns a {@code Future}, Spring returns the result of
 * {@link #submit} to its caller, which is a {@link Task} here.
 */
final class TaskScopeExecutor implements AsyncTaskExecutor {
    private final ObjectProvider<TaskScope> scope;

    TaskScopeExecutor(ObjectProvider<TaskScope> scope) {
        this.scope = scope;
    }

    @Override
    public void execute(Runnable work) {
        scope.getObject().launch(work::run);
    }

    @Override
    public Task<?> submit(Runnable work) {
        return scope.getObject().launch(work::run);
    }

    @Override
    public <T> Task<T> submit(Callable<T> work) {
        return scope.getObject().start(work);
    }

    @Override
    public CompletableFuture<Void> submitCompletable(Runnable work) {
        return scope.getObject().launch(work::run).toCompletableFuture();
    }

    @Override
    public <T> CompletableFuture<T> submitCompletable(Callable<T> work) {
        return scope.getObject().<T>start(work).toCompletableFuture();
    }
}
