package io.github.coro4j.spi;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.KeyedGather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an implementation provides. Arguments have been checked for null, sign and blankness by the callers. */
public interface Engine {

    /**
     * The global scope.
     *
     * @return always the same scope
     */
    TaskScope globalScope();

    /**
     * The scope in which {@link Task#start} starts.
     *
     * @return the scope of the task that runs on this thread, or the global scope
     */
    TaskScope currentScope();

    /**
     * The task that runs on this thread.
     *
     * @return the innermost one, or null
     */
    @Nullable Task<?> currentTask();

    /** Throws if the task that runs on this thread has been asked to stop. */
    void checkCancelled();

    /**
     * Opens a scope inside the current task's.
     *
     * @param settings what the builder says
     * @return a new scope
     */
    TaskScope openScope(ScopeSettings settings);

    /**
     * Runs a main body in a scope of its own.
     *
     * @param <T> the type of the value
     * @param settings what the scope is like
     * @param body the main body
     * @return the body's value
     */
    <T extends @Nullable Object> T run(
            ScopeSettings settings, ThrowingFunction<? super TaskScope, ? extends T> body);

    /**
     * A timer in the current scope.
     *
     * @param duration how long, zero or more
     * @return the timer
     */
    Future<@Nullable Void> sleep(Duration duration);

    /**
     * A pending promise.
     *
     * @param <T> the type of the result
     * @return the promise
     */
    <T extends @Nullable Object> Promise<T> promise();

    /**
     * A successful future.
     *
     * @param <T> the type of the result
     * @param value its value
     * @return the future
     */
    <T extends @Nullable Object> Future<T> completed(T value);

    /**
     * A failed future.
     *
     * @param <T> the type of the result
     * @param exception its failure
     * @return the future
     */
    <T extends @Nullable Object> Future<T> failed(Throwable exception);

    /**
     * A cancelled future.
     *
     * @param <T> the type of the result
     * @param reason why
     * @return the future
     */
    <T extends @Nullable Object> Future<T> cancelled(String reason);

    /**
     * A future that follows a stage.
     *
     * @param <T> the type of the result
     * @param stage the stage
     * @return the future
     */
    <T extends @Nullable Object> Future<T> from(CompletionStage<? extends T> stage);

    /**
     * A future that follows one of the JDK.
     *
     * @param <T> the type of the result
     * @param future the JDK's future
     * @return the future
     */
    <T extends @Nullable Object> Future<T> fromBlocking(
            java.util.concurrent.Future<? extends T> future);

    /**
     * A plan over futures that exist.
     *
     * @param <T> the type of the results
     * @param children the futures, none null; handed over
     * @return the plan
     */
    <T extends @Nullable Object> Gather<T> gather(List<Future<? extends T>> children);

    /**
     * A plan over futures that have keys.
     *
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param keys the keys, each once; handed over
     * @param children the future of each key, none null; handed over
     * @return the plan
     */
    <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyedGather(
            List<K> keys, List<Future<? extends T>> children);
}
