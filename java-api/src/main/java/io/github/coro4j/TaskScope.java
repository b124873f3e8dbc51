package io.github.coro4j;

import io.github.coro4j.spi.Label;
import io.github.coro4j.spi.ScopeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks live: nothing started in a scope outlives it.
 *
 * <pre>{@code
 * try (TaskScope scope = TaskScope.open("page")) {
 *   Task<String> user = scope.start("user", () -> loadUser());
 *   Task<String> cart = scope.start("cart", () -> loadCart());
 *   render(user.join(), cart.join());
 * } // what still runs here is cancelled, and waited for
 * }</pre>
 *
 * <p>A scope is a supervisor: one task's failure leaves the others alone. A scope opened inside a task is a child of that
 * task's scope, takes its executors and listener from it unless told otherwise, and is cancelled and waited for with it.
 *
 * <p><b>Threads.</b> Bodies run on the scope's executor. The default one never starves: a body may block, and may wait
 * for other tasks of its scope, at any depth and number; only bodies that compute without end on all processors can
 * hold the others up. It runs bodies on virtual threads from JDK 24 on, and elsewhere on a pool of daemon threads that
 * grows while its threads are blocked. On an executor given to {@link Builder#executor}, a body that waits for a task
 * of the same scope which no thread has begun runs that task itself, if the wait has no limit; a cancel of the waiting
 * task is then seen when the other has ended. Two tasks that wait for each other, or a task that waits for itself, get
 * a {@link DeadlockException}. So do two tasks of which one waits for the scope of the other. Callbacks run on the
 * scope's callback executor. Every method may be called from any thread.
 *
 * <p><b>Memory effects.</b> What the tasks and their callbacks did happens-before a return from {@link #close()}.
 */
public interface TaskScope extends AutoCloseable {

    /**
     * Opens a scope with the default settings.
     *
     * @param name its name, for messages, reports and dumps
     * @return a new scope, to be closed by the caller
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if the calling task's scope is closed, or if scopes are nested too deeply
     */
    static TaskScope open(String name) {
        Arguments.notBlank(name, "name", "no scope was opened; give it the name of what it does");
        return EngineLookup.engine().openScope(new ScopeSettings(name));
    }

    /**
     * The scope of tasks started outside any other. It is never closed; its threads are daemons.
     *
     * @return the global scope
     */
    static TaskScope global() {
        return EngineLookup.engine().globalScope();
    }

    /**
     * Starts describing a scope.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a main body in a scope of its own, on the calling thread, and returns its value when its tasks have ended too.
     *
     * <p>The body is a task of the new scope: {@link Task#current()} is that task, and {@link Task#start} inside it starts
     * in the scope. If the body returns, its tasks are waited for; if it throws, or is cancelled, or the calling thread is
     * interrupted, they are cancelled and waited for. The scope is then closed. A cancel of the task around it, with or
     * without an interrupt, cancels this scope, which interrupts its bodies.
     *
     * <pre>{@code
     * int total = TaskScope.run("sum", scope -> {
     *   Task<Integer> a = scope.start(() -> 20);
     *   Task<Integer> b = scope.start(() -> 22);
     *   return a.join() + b.join();
     * });
     * }</pre>
     *
     * @param <T> the type of the value
     * @param name the name of the scope and of the main task
     * @param body the main body
     * @return the body's value
     * @throws java.util.concurrent.CompletionException if the body threw; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if the main body was cancelled, with its scope or with the task
     *     around it; a value that it had returned before stands
     * @throws WaitInterruptedException if the calling thread was interrupted while it waited for the tasks
     * @throws DeadlockException if one of the tasks waits for the task around this run; they are cancelled, and waited for
     * @throws IllegalStateException if the calling task's scope is closed, or if scopes are nested too deeply
     * @throws NullPointerException if {@code name} or {@code body} is null
     * @throws IllegalArgumentException if {@code name} is blank
     */
    static <T extends @Nullable Object> T run(
            String name, ThrowingFunction<? super TaskScope, ? extends T> body) {
        Arguments.notBlank(name, "name", "no scope was opened; give it the name of what it does");
        if (body == null) {
            Arguments.notNull(
                    body,
                    "body",
                    Label.of("scope", name) + " was not opened; give it something to run");
        }
        return EngineLookup.engine().run(new ScopeSettings(name), body);
    }

    /**
     * The name of this scope.
     *
     * @return the name
     */
    String name();

    /**
     * Starts a body and returns without waiting for it to begin.
     *
     * <p>In a scope that was cancelled the task is cancelled before it begins. If the executor refuses the body, or
     * throws, the task has failed with what the executor threw.
     *
     * @param <T> the type of the result
     * @param body what to run, on the scope's executor
     * @return the started task
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    <T extends @Nullable Object> Task<T> start(Callable<? extends T> body);

    /**
     * Starts a body as a task with the given name; otherwise like {@link #start(Callable)}.
     *
     * @param <T> the type of the result
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run, on the scope's executor
     * @return the started task
     * @throws NullPointerException if {@code name} or {@code body} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    <T extends @Nullable Object> Task<T> start(String name, Callable<? extends T> body);

    /**
     * Starts a body without a value; otherwise like {@link #start(Callable)}.
     *
     * @param body what to run, on the scope's executor
     * @return the started task; its value is null
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    Task<@Nullable Void> launch(ThrowingRunnable body);

    /**
     * Starts a body without a value as a task with the given name; otherwise like {@link #launch(ThrowingRunnable)}.
     *
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run, on the scope's executor
     * @return the started task; its value is null
     * @throws NullPointerException if {@code name} or {@code body} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    Task<@Nullable Void> launch(String name, ThrowingRunnable body);

    /**
     * Returns a plan to run a function once for each item. Nothing starts before a policy is called.
     *
     * @param <I> the type of the items
     * @param <T> the type of the results
     * @param items what to give to the function; read once: a {@code Collection} now, any other {@code Iterable} when the
     *     policy is called, or, under a {@link Gather#concurrency}, as permits come free
     * @param body the function; each call is a task of this scope
     * @return the plan
     * @throws NullPointerException if {@code items}, one of them, or {@code body} is null; for an item the message has
     *     the index. For an item that is read later, the policy throws the exception, or the group fails with it
     * @throws IllegalStateException if this scope is closed
     */
    <I, T extends @Nullable Object> Gather<T> gather(
            Iterable<? extends I> items, ThrowingFunction<? super I, ? extends T> body);

    /**
     * Returns a plan to run each of the given bodies. Nothing starts before a policy is called.
     *
     * @param <T> the type of the results
     * @param bodies what to run, each a task of this scope; read once, when the items of {@link
     *     #gather(Iterable, ThrowingFunction)} are
     * @return the plan
     * @throws NullPointerException if {@code bodies} or one of them is null; for a body the message has the index
     * @throws IllegalStateException if this scope is closed
     */
    <T extends @Nullable Object> Gather<T> gather(Iterable<? extends Callable<? extends T>> bodies);

    /**
     * Makes several attempts at the same work. Each begins when the one before has not answered within {@code delay}, or
     * at once when one fails. The first success wins; the other attempts are cancelled, and the future succeeds when the
     * last of them has ended. If all fail, it fails with the first failure in time, which has the others attached as
     * suppressed.
     *
     * <pre>{@code
     * Hedged<String> answer =
     *     scope.hedge(3, Duration.ofMillis(50), attempt -> ask(replicas.get(attempt))).join();
     * }</pre>
     *
     * <p>Cancelling the future cancels all attempts, and none begins afterwards. No thread is held between the attempts. A
     * losing attempt's failure stays unread in it. asyncio has no such method.
     *
     * @param <T> the type of the results
     * @param attempts how many attempts there are at most
     * @param delay how long an attempt may go without an answer before the next one begins; zero begins all at once
     * @param body is given the number of the attempt, from zero; each attempt is a task of this scope
     * @return a future for the first result, and the number of the attempt that has it
     * @throws NullPointerException if {@code delay} or {@code body} is null
     * @throws IllegalArgumentException if {@code attempts} is less than 1 or {@code delay} is negative
     * @throws IllegalStateException if this scope is closed
     */
    <T extends @Nullable Object> Future<Hedged<T>> hedge(
            int attempts, Duration delay, ThrowingFunction<? super Integer, ? extends T> body);

    /**
     * Returns a view for code that wants the JDK's type. Work that is submitted to the view is a task of this scope.
     *
     * <pre>{@code
     * LegacyClient client = new LegacyClient(scope.asExecutorService());
     * }</pre>
     *
     * <p>It keeps the contract of {@link ExecutorService}, with these additions:
     *
     * <ul>
     * <li>{@code submit} returns a {@link Task}, typed as the JDK's future. So {@code cancel(true)} stops the work, and
     * the task is done when the work has ended. An unread failure is reported. Bodies run on the scope's executor, and
     * waiting for submitted work never starves it. Callbacks of their futures run on the scope's callback executor.
     * <li>An exception that a command given to {@code execute} throws is reported to the scope's
     * {@link FailureListener} when the command has ended, and reaches no thread's handler. If the command itself is a
     * {@code Future}, such as a {@code FutureTask}, and is cancelled with the scope before it began, its
     * {@code cancel(false)} is called, so that no thread waits for it in vain.
     * <li>{@code invokeAll} returns when all bodies have ended. With a timeout it does not wait for bodies that are
     * slow to stop: their futures in the list are cancelled and done, and closing the scope waits for the bodies.
     * <li>{@code invokeAny} returns with the first success; it cancels the others and does not wait for them. If all fail,
     * the failures of the others are suppressed in that of the first.
     * <li>{@code shutdown} ends only this view, and leaves the scope open. {@code shutdownNow} cancels what was
     * submitted through this view. It returns what never began: the given {@code Runnable}, or a {@code FutureTask} of
     * the given {@code Callable}; their futures are cancelled.
     * <li>Closing the scope shuts the view down. {@code awaitTermination}, and {@code close} of JDK 19 and later, wait for
     * what was submitted through this view; from inside it a wait that could never end is a {@link DeadlockException}.
     * </ul>
     *
     * <p>The view refuses new work with a {@code RejectedExecutionException} if the view was shut down, the scope is
     * closed, or the scope's own executor refuses the work. {@code execute} also does so if the scope was cancelled,
     * because the command would never run. A view that was not shut down keeps nothing alive.
     *
     * @return a new view, open as long as this scope is
     */
    ExecutorService asExecutorService();

    /**
     * The tasks of this scope that have not ended, without those of scopes opened inside it.
     *
     * @return an unmodifiable snapshot
     */
    Set<Task<?>> tasks();

    /**
     * Whether this scope takes new work: until {@link #close()} is called. A scope that was cancelled and not closed takes
     * it, and cancels it.
     *
     * @return false from the moment at which closing begins
     */
    boolean isOpen();

    /**
     * Returns what runs here, as text for people. There is a line for this scope, with its tasks counted by state, and
     * one for each task, gather and sleep that has not ended. The line of a task, gather or sleep has its type and
     * name, state, the reason of a pending cancel, age, thread, and what it waits for. Below a task that runs is the
     * stack of its body; below a gather are its children; scopes opened inside are indented below it. At most 1,000
     * jobs and scopes have a line; the counts are of all.
     *
     * <p>May be called at any time from any thread, and throws nothing. It does not pause any thread, so each line is
     * true at some moment of the call, and two lines perhaps at two different moments. Ages are in whole units, and
     * true to about a second. The text is for people, and may change; docs/observability.md explains it.
     *
     * @return one or more lines, each with a line feed at its end
     */
    String dump();

    /**
     * Returns what {@link #dump()} shows, as JSON for programs. docs/observability.md lists the members; new ones may
     * be added.
     *
     * @return one JSON object, without a line break; times are in seconds
     */
    String dumpJson();

    /**
     * Puts {@link #dump()} in the log: one record of {@code java.util.logging} at level {@code INFO}, to the logger {@code
     * io.github.coro4j}. Does nothing where that level is off.
     */
    void logDump();

    /**
     * Waits until nothing of this scope is left that began here: tasks, also those started meanwhile and those of scopes
     * opened inside it; sleeps, gathers, and functions of derived futures; and their callbacks on the scope's callback
     * executor. A promise, or a derived future whose function has not begun, is not waited for; a gather over a promise
     * is. {@link #dump()} shows what is left. Failures are not thrown; read them from the tasks.
     *
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled; the tasks run on
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself
     * @throws DeadlockException if called from a task that one of these tasks waits for
     */
    void join();

    /**
     * Asks everything in this scope to stop, and returns without waiting. Sticky: what is started here later is cancelled
     * before it begins. Each task's cancellation names the task and has the reason.
     *
     * @param reason why
     * @throws NullPointerException if {@code reason} is null
     * @throws IllegalStateException if this is the global scope, which all callers share
     */
    void cancel(String reason);

    /**
     * Cancels what still runs, waits until it has ended and its callbacks on the scope's callback executor have run,
     * then reports unread failures. This scope refuses new work from the moment of the call. An interrupt does not cut
     * the wait short; the interrupt flag is kept for the caller to see. Closing again only waits for the same end.
     *
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself; or if
     *     this is the global scope. The scope then stays open
     * @throws DeadlockException if called from a task that one of these tasks waits for, in a wait that a cancel does
     *     not end: for example, two tasks close each other's scopes. This scope is cancelled then, and is closed when
     *     its last task ends
     */
    @Override
    void close();

    /** Describes a scope; each method returns this same builder. Not for use by several threads at once. */
    final class Builder {
        private String name = "scope";
        private @Nullable Executor executor;
        private @Nullable Executor callbackExecutor;
        private @Nullable FailureListener failureListener;
        private @Nullable TaskListener taskListener;
        private @Nullable Duration deadline;
        private List<ContextPropagator> propagators = List.of();

        private Builder() {}

        /**
         * Names the scope; otherwise it is called {@code scope}.
         *
         * @param name the name, for messages, reports and dumps
         * @return this
         * @throws NullPointerException if {@code name} is null
         * @throws IllegalArgumentException if {@code name} is blank
         */
        public Builder name(String name) {
            Arguments.notBlank(name, "name", "leave name() out, and the scope is called \"scope\"");
            this.name = name;
            return this;
        }

        /**
         * Sets where bodies run; otherwise they run on the enclosing scope's executor, or on the engine's own. The scope
         * never shuts it down. If it rejects a body or throws, the task fails with that exception.
         *
         * @param executor the executor for bodies
         * @return this
         * @throws NullPointerException if {@code executor} is null
         */
        public Builder executor(Executor executor) {
            Arguments.notNull(executor, "executor", "leave executor() out for the default one");
            this.executor = executor;
            return this;
        }

        /**
         * Sets the executor for callbacks that are added without one; otherwise they run on the enclosing scope's
         * callback executor, or on the engine's own pool. The scope never shuts it down. Closing a scope waits for the
         * scope's callbacks, so the executor must be able to run them. It must not depend on the one thread that also
         * runs the body which closes the scope, and must not be shut down earlier. A callback that waits holds up this
         * executor, because the engine does nothing to relieve it.
         *
         * @param callbackExecutor the executor for callbacks
         * @return this
         * @throws NullPointerException if {@code callbackExecutor} is null
         */
        public Builder callbackExecutor(Executor callbackExecutor) {
            Arguments.notNull(
                    callbackExecutor,
                    "callbackExecutor",
                    "leave callbackExecutor() out for the default one");
            this.callbackExecutor = callbackExecutor;
            return this;
        }

        /**
         * Sets the listener for failures that would otherwise vanish. By default it is the enclosing scope's listener,
         * or one that logs them.
         *
         * @param failureListener the listener
         * @return this
         * @throws NullPointerException if {@code failureListener} is null
         */
        public Builder failureListener(FailureListener failureListener) {
            Arguments.notNull(
                    failureListener,
                    "failureListener",
                    "leave failureListener() out, and failures are logged");
            this.failureListener = failureListener;
            return this;
        }

        /**
         * Sets the listener that observes when bodies begin, end and are cancelled. By default it is the enclosing
         * scope's listener, or those that {@link java.util.ServiceLoader} finds, if any.
         *
         * @param taskListener the listener, which must not block
         * @return this
         * @throws NullPointerException if {@code taskListener} is null
         */
        public Builder taskListener(TaskListener taskListener) {
            Arguments.notNull(
                    taskListener,
                    "taskListener",
                    "leave taskListener() out to have none of your own");
            this.taskListener = taskListener;
            return this;
        }

        /**
         * Sets a deadline: when it has passed, the scope is cancelled, with a reason that says so. It holds for everything
         * below: a scope that is opened in one of the tasks is cancelled with this one, so of several deadlines the
         * earliest wins. Closing the scope removes the deadline.
         *
         * @param deadline how long from {@link #open()}
         * @return this
         * @throws NullPointerException if {@code deadline} is null
         * @throws IllegalArgumentException if {@code deadline} is zero or negative
         */
        public Builder deadline(Duration deadline) {
            Arguments.positive(
                    deadline, "deadline", "leave deadline() out for a scope without one");
            this.deadline = deadline;
            return this;
        }

        /**
         * Adds a propagator of what threads hold, to the propagators of the enclosing scope and those that
         * {@link java.util.ServiceLoader} finds. May be called several times; equal ones count once.
         *
         * @param propagator what propagates context to the bodies and callbacks of this scope, and of those opened inside it
         * @return this
         * @throws NullPointerException if {@code propagator} is null
         * @throws IllegalArgumentException if it says that it is not available
         */
        public Builder contextPropagator(ContextPropagator propagator) {
            Arguments.notNull(
                    propagator,
                    "propagator",
                    "leave contextPropagator() out to add none of your own");
            if (!propagator.isAvailable()) {
                throw new IllegalArgumentException(
                        "propagator is a "
                                + propagator.getClass().getName()
                                + ", which says that it is not available; add the library that it is for, "
                                + "or leave contextPropagator() out");
            }
            List<ContextPropagator> all = new ArrayList<>(propagators);
            all.add(propagator);
            propagators = List.copyOf(all);
            return this;
        }

        /**
         * Opens the scope.
         *
         * @return a new scope, to be closed by the caller
         * @throws IllegalStateException if the calling task's scope is closed, or if scopes are nested too deeply
         */
        public TaskScope open() {
            return EngineLookup.engine()
                    .openScope(
                            new ScopeSettings(
                                    name,
                                    executor,
                                    callbackExecutor,
                                    failureListener,
                                    taskListener,
                                    deadline,
                                    propagators));
        }
    }
}
