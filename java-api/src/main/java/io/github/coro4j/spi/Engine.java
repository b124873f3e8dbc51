package io.github.coro4j.spi;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.KeyedGather;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThrowingFunction;
import io.github.coro4j.ThrowingRunnable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The implementation of the contract. The callers have checked arguments for null, sign and blankness. */
public interface Engine {

    /**
     * Waits until the engine has looked up the services of the application. The API calls no other method before this one
     * has returned.
     *
     * @throws IllegalStateException on the thread that looks them up, if a service uses Coro4j in its constructor or in
     *     {@code isAvailable()}
     */
    void awaitServices();

    /**
     * Returns the global scope.
     *
     * @return always the same scope
     */
    TaskScope globalScope();

    /**
     * Returns the dumps of all open scopes.
     *
     * @return the global scope first, then the others in the order in which they were opened
     */
    String dumpAll();

    /**
     * Returns the open scopes that are inside no other.
     *
     * @return the global scope first, then the others in the order in which they were opened
     */
    List<TaskScope> rootScopes();

    /**
     * Makes a scope the current one of this thread during a call, wherever no task runs on it.
     *
     * @param <T> the type of the result
     * @param scope the scope, of this engine
     * @param call what to run
     * @return what the call returns
     * @throws Exception what the call throws
     */
    <T extends @Nullable Object> T callIn(TaskScope scope, Callable<? extends T> call)
            throws Exception;

    /**
     * Returns what runs on this thread.
     *
     * @return the type and name of the innermost body, or a text for a callback, or null
     */
    @Nullable String codeHere();

    /**
     * Returns where a future was made, in the debug mode.
     *
     * @param future a future of this engine
     * @return the class, method and line, or null
     */
    @Nullable String startedAt(Future<?> future);

    /**
     * Returns whether a failure was reported as unread, and read afterwards. Known only in a scope with a time source.
     *
     * @param scope the scope, of this engine
     * @param exception the failure
     * @return true if code has read it since
     */
    boolean wasReadLater(TaskScope scope, Throwable exception);

    /**
     * Looks at what a scope is doing.
     *
     * @param scope the scope, of this engine
     * @param listsWaiting true to list what waits, too, which takes longer
     * @return what was found; it may change at any time
     */
    Activity activity(TaskScope scope, boolean listsWaiting);

    /**
     * Returns the scope in which {@link Task#start} starts.
     *
     * @return the scope of the task that runs on this thread, or the global scope
     */
    TaskScope currentScope();

    /**
     * Returns the task that runs on this thread.
     *
     * @return the innermost one, or null
     */
    @Nullable Task<?> currentTask();

    /** Throws if the cancel of the task that runs on this thread was requested. */
    void checkCancelled();

    /**
     * Adds a hook to the body that runs on this thread.
     *
     * @param hook what a cancel runs
     * @return the registration, which removes the hook
     */
    Registration onCancel(ThrowingRunnable hook);

    /**
     * Runs a clean-up, in which a cancel ends no wait.
     *
     * @param <T> the type of the result
     * @param cleanUp what to run
     * @return what the clean-up returns
     * @throws Exception what the clean-up throws
     */
    <T extends @Nullable Object> T nonCancellable(Callable<? extends T> cleanUp) throws Exception;

    /**
     * Opens a scope inside the current task's.
     *
     * @param settings the settings of the scope
     * @return a new scope
     */
    TaskScope openScope(ScopeSettings settings);

    /**
     * Runs a main body in a new scope.
     *
     * @param <T> the type of the value
     * @param settings the settings of the scope
     * @param body the main body
     * @return the body's value
     */
    <T extends @Nullable Object> T run(
            ScopeSettings settings, ThrowingFunction<? super TaskScope, ? extends T> body);

    /**
     * Starts a timer in the current scope.
     *
     * @param duration how long, zero or more
     * @return the timer
     */
    Future<@Nullable Void> sleep(Duration duration);

    /**
     * Creates a pending promise.
     *
     * @param <T> the type of the result
     * @return the promise
     */
    <T extends @Nullable Object> Promise<T> promise();

    /**
     * Creates a future that has succeeded.
     *
     * @param <T> the type of the result
     * @param value its value
     * @return the future
     */
    <T extends @Nullable Object> Future<T> completed(T value);

    /**
     * Creates a future that has failed.
     *
     * @param <T> the type of the result
     * @param exception its failure
     * @return the future
     */
    <T extends @Nullable Object> Future<T> failed(Throwable exception);

    /**
     * Creates a future that was cancelled.
     *
     * @param <T> the type of the result
     * @param reason why
     * @return the future
     */
    <T extends @Nullable Object> Future<T> cancelled(String reason);

    /**
     * Creates a future that ends as a stage does.
     *
     * @param <T> the type of the result
     * @param stage the stage
     * @return the future
     */
    <T extends @Nullable Object> Future<T> from(CompletionStage<? extends T> stage);

    /**
     * Creates a future that ends as a future of the JDK does.
     *
     * @param <T> the type of the result
     * @param future the JDK's future
     * @return the future
     */
    <T extends @Nullable Object> Future<T> fromBlocking(
            java.util.concurrent.Future<? extends T> future);

    /**
     * Creates a limit.
     *
     * @param name its name, or null for a generated one
     * @param capacity the number of permits
     * @return the limit
     */
    ConcurrencyLimit concurrencyLimit(@Nullable String name, int capacity);

    /**
     * Creates a plan over futures that exist.
     *
     * @param <T> the type of the results
     * @param children the futures, none null; the caller does not use the list again
     * @return the plan
     */
    <T extends @Nullable Object> Gather<T> gather(List<Future<? extends T>> children);

    /**
     * Creates a plan over futures that have keys.
     *
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param keys the keys, each once; the caller does not use the list again
     * @param children the future of each key, none null; the caller does not use the list again
     * @return the plan
     */
    <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyedGather(
            List<K> keys, List<Future<? extends T>> children);
}
