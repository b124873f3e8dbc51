package io.github.coro4j.spring.async;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * Runs work as tasks of a scope. Spring returns from an {@code @Async} method whose type is a {@code Future} what
 * {@link #submit} has returned. That is a {@link Task}, so such a method may have this type.
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
