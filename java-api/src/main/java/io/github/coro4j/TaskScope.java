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
 * A scope of tasks: nothing that is started in a scope outlives it.
 *
 * <pre>{@code
 * try (TaskScope scope = TaskScope.open("page")) {
 *   Task<String> user = scope.start("user", () -> loadUser());
 *   Task<String> cart = scope.start("cart", () -> loadCart());
 *   render(user.join(), cart.join());
 * } // Leaving the block cancels unfinished tasks and waits for them to stop.
 * }</pre>
 *
 * <p>A scope <em>owns</em> its tasks, and it is a supervisor: the failure of a task leaves the others alone. A scope
 * that is opened inside a task has that task's scope as its parent. It uses the executors and listeners of its parent
 * unless its {@link Builder} sets others, and it is cancelled and waited for together with its parent. docs/glossary.md
 * defines the terms in italics.
 *
 * <p><b>Threads.</b> <em>Bodies</em> run on the scope's executor. The default executor runs them on virtual threads
 * from JDK 24 on. On earlier JDKs and on Android it runs them on a pool of daemon threads, which grows while its
 * threads are blocked. It never starves: any number of bodies may block or wait for other tasks of their scope, at any
 * depth. Only bodies that compute without end on all processors can hold up the others. Callbacks run on the scope's
 * <em>callback executor</em>. Any thread may call any method.
 *
 * <p>On an executor of your own ({@link Builder#executor}), a body that waits without a limit <em>helps</em>: if no
 * thread has begun the awaited task of its scope, the body runs that task itself. A cancel of the waiting task then
 * takes effect when the other task has ended.
 *
 * <p><b>Circles.</b> A wait that would close a <em>circle</em> throws a {@link DeadlockException}, because it could
 * never end. A task that waits for itself is a circle, and so are two tasks that wait for each other. A wait for a
 * scope counts as a wait for each of its tasks.
 *
 * <p><b>Memory effects.</b> What the tasks and their callbacks did happens-before the return of {@link #close()}.
 */
public interface TaskScope extends AutoCloseable {

    /**
     * Opens a scope with the default settings. This does not make it the <em>current scope</em> of the calling thread:
     * {@link Task#start} starts a task in the scope of the task around the call, or in the global scope. Call {@code
     * start} of the new scope, or use {@link #run}, whose body is a task of the scope.
     *
     * @param name the name of the scope, for messages, reports and dumps
     * @return a new scope, which the caller must close
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if the calling task's scope is closed, or if scopes are nested too deeply
     */
    static TaskScope open(String name) {
        Arguments.notBlank(name, "name", "no scope was opened; name it after what it does");
        return EngineLookup.engine().openScope(new ScopeSettings(name));
    }

    /**
     * Returns the scope of tasks that are started outside any other scope. It is never closed, and its threads are
     * daemons.
     *
     * @return the global scope
     */
    static TaskScope global() {
        return EngineLookup.engine().globalScope();
    }

    /**
     * Returns the dumps of all open scopes, as {@link #dump()} shows each: the {@linkplain #global() global} scope, then
     * each scope that was opened outside a task of another scope, with the scopes inside it. A scope that is closing is
     * open in this sense.
     *
     * <pre>{@code
     * Files.writeString(report, TaskScope.dumpAll());
     * }</pre>
     *
     * <p>Any thread may call this method at any time. The engine does not keep a scope alive, so a scope that was never
     * closed is missing once the garbage collector has taken it.
     *
     * @return one or more lines, each with a line feed at its end
     */
    static String dumpAll() {
        return EngineLookup.engine().dumpAll();
    }

    /** {@return a new builder, which describes a scope and opens it} */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a main body in a new scope, on the calling thread, and returns its value once the scope's tasks have ended.
     *
     * <pre>{@code
     * int total = TaskScope.run("sum", scope -> {
     *   Task<Integer> a = scope.start(() -> 20);
     *   Task<Integer> b = scope.start(() -> 22);
     *   return a.join() + b.join();
     * });
     * }</pre>
     *
     * <p>The main body is a task of the new scope: {@link Task#current()} is that task, and {@link Task#start} inside
     * it starts in the new scope. If the body returns, the scope waits for its tasks. If the body throws or is
     * cancelled, or the calling thread is interrupted, the scope cancels its tasks and waits for them. Then the scope
     * is closed. A cancel of the task around this call, with or without an interrupt, cancels the new scope, which
     * interrupts its bodies.
     *
     * @param <T> the type of the value
     * @param name the name of the scope and of the main task
     * @param body the main body
     * @return the body's value
     * @throws java.util.concurrent.CompletionException if the body threw; its cause is the original exception
     * @throws java.util.concurrent.CancellationException if the main body was cancelled, with its scope or with the
     *     task around this call, before it returned a value
     * @throws WaitInterruptedException if the calling thread was interrupted while it waited for the tasks
     * @throws DeadlockException if one of the tasks waits for the task around this call; the tasks were cancelled, and
     *     have ended
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait for the tasks. The scope was cancelled,
     *     and closes when its last task ends. If the body threw, its exception is attached as suppressed
     * @throws IllegalStateException if the calling task's scope is closed, or if scopes are nested too deeply
     * @throws IllegalArgumentException if {@code name} is blank
     */
    static <T extends @Nullable Object> T run(
            String name, ThrowingFunction<? super TaskScope, ? extends T> body) {
        Arguments.notBlank(name, "name", "no scope was opened; name it after what it does");
        if (body == null) {
            Arguments.notNull(
                    body,
                    "body",
                    Label.of("scope", name) + " was not opened; give it something to run");
        }
        return EngineLookup.engine().run(new ScopeSettings(name), body);
    }

    /** {@return the name of this scope} */
    String name();

    /**
     * Starts a body as a task, and returns without waiting for the body to begin. In a scope that was cancelled, the
     * task is cancelled before it begins. If the executor refuses the body or throws, the task fails with what the
     * executor threw.
     *
     * @param <T> the type of the result
     * @param body what to run, on the scope's executor
     * @return the started task
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
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    <T extends @Nullable Object> Task<T> start(String name, Callable<? extends T> body);

    /**
     * Starts a body without a value; otherwise like {@link #start(Callable)}.
     *
     * <p>If the body fails, the failure is reported at once to the {@link FailureListener} of this scope, unless code
     * waits for the task, has a callback on it, or has made a future or gather of it. Reading it later is still possible.
     *
     * @param body what to run, on the scope's executor
     * @return the started task; its value is null
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    Task<@Nullable Void> launch(ThrowingRunnable body);

    /**
     * Starts a body without a value as a task with the given name; otherwise like {@link #start(Callable)}.
     *
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run, on the scope's executor
     * @return the started task; its value is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if this scope is closed; the body does not run
     */
    Task<@Nullable Void> launch(String name, ThrowingRunnable body);

    /**
     * Returns a plan to run a function once for each item. Nothing starts before a <em>policy</em> is called.
     *
     * <p>The items are read once. A {@code Collection} is read now. Any other {@code Iterable} is read when the policy
     * is called or, under a {@linkplain Gather#concurrency concurrency limit}, as permits come free. If an item that is
     * read later is null, the policy throws the {@code NullPointerException}, or the group fails with it.
     *
     * @param <I> the type of the items
     * @param <T> the type of the results
     * @param items what to pass to the function
     * @param body the function; each call is a task of this scope
     * @return the plan
     * @throws IllegalStateException if this scope is closed
     */
    <I, T extends @Nullable Object> Gather<T> gather(
            Iterable<? extends I> items, ThrowingFunction<? super I, ? extends T> body);

    /**
     * Returns a plan to start asynchronous work once for each item; otherwise like
     * {@link #gather(Iterable, ThrowingFunction)}.
     *
     * <p>The function starts the work and returns a future of it at once. It runs on the scope's executor. The child is a
     * task of this scope, begins with the call of the function, and ends as that future ends. Meanwhile it holds no
     * thread. It holds its permit of a {@linkplain Gather#concurrency concurrency limit} until the future has ended.
     *
     * <pre>{@code
     * List<String> pages =
     *     scope.gatherAsync(urls, url -> Future.from(client.sendAsync(url))).concurrency(100).all().join();
     * }</pre>
     *
     * <p>The group owns the futures, in whatever scope they live. A cancel of the group, its policy or its timeout
     * cancels them. When this scope ends, it cancels only the futures that live in it. If a child follows a future of
     * another scope, the child is cancelled at once and that future runs on. {@link Future#shield} keeps any cancel
     * from a future.
     *
     * <p>If the function throws, returns null, or returns a future that is not of this library's engine, the child
     * fails. If the future waits for the group, the child fails with a {@link DeadlockException}.
     *
     * @param <I> the type of the items
     * @param <T> the type of the results
     * @param items what to pass to the function
     * @param start the function, which starts the work and should not block
     * @return the plan
     * @throws IllegalStateException if this scope is closed
     */
    <I, T extends @Nullable Object> Gather<T> gatherAsync(
            Iterable<? extends I> items,
            ThrowingFunction<? super I, ? extends Future<? extends T>> start);

    /**
     * Returns a plan to run each of the given bodies; otherwise like {@link #gather(Iterable, ThrowingFunction)}.
     *
     * @param <T> the type of the results
     * @param bodies what to run, each a task of this scope; read at the same time as items
     * @return the plan
     * @throws IllegalStateException if this scope is closed
     */
    <T extends @Nullable Object> Gather<T> gather(Iterable<? extends Callable<? extends T>> bodies);

    /**
     * Makes several attempts at the same work (a <em>hedge</em>). If an attempt has not answered within {@code delay},
     * the next one begins. If an attempt fails, the next one begins at once.
     *
     * <pre>{@code
     * Hedged<String> answer =
     *     scope.hedge(3, Duration.ofMillis(50), attempt -> ask(replicas.get(attempt))).join();
     * }</pre>
     *
     * <p>The first success wins, and the future succeeds at once. The other attempts are cancelled, and this scope waits
     * for their end. If all attempts fail, the future fails with the first failure in time, which has the others attached as suppressed.
     * If an attempt wins, the failures of the others stay unread in them. Cancelling the future cancels all attempts,
     * and no attempt begins afterwards. No thread waits between the attempts.
     *
     * @param <T> the type of the results
     * @param attempts how many attempts there are at most
     * @param delay how long an attempt may go without an answer before the next one begins; zero begins all at once
     * @param body receives the number of the attempt, from zero; each attempt is a task of this scope
     * @return a future for the first result, and the number of the attempt that returned it
     * @throws IllegalArgumentException if {@code attempts} is less than 1 or {@code delay} is negative
     * @throws IllegalStateException if this scope is closed
     */
    <T extends @Nullable Object> Future<Hedged<T>> hedge(
            int attempts, Duration delay, ThrowingFunction<? super Integer, ? extends T> body);

    /**
     * Returns a <em>view</em> for code that needs the JDK's type. Work that is submitted to the view is a task of this
     * scope.
     *
     * <pre>{@code
     * LegacyClient client = new LegacyClient(scope.asExecutorService());
     * }</pre>
     *
     * <p>The view keeps the contract of {@link ExecutorService}, with these additions; docs/interop.md has details of
     * {@code execute}, {@code invokeAll} and {@code invokeAny}.
     *
     * <ul>
     * <li>{@code submit} returns a {@link Task}, typed as the JDK's future. So {@code cancel(true)} stops the work, the
     * task is done when the work has ended, and an unread failure is reported.
     * <li>An exception that a command given to {@code execute} throws is reported to the scope's
     * {@link FailureListener}.
     * <li>{@code shutdown} ends this view alone, and leaves the scope open. {@code shutdownNow} also cancels what was
     * submitted through this view. It returns what never began: the given {@code Runnable}, or a {@code FutureTask} of
     * the given {@code Callable}; their futures are cancelled.
     * <li>Closing the scope shuts the view down. {@code awaitTermination}, and {@code close} of JDK 19 and later, wait
     * for what was submitted through this view. Inside that work, such a wait throws a {@link DeadlockException} if it
     * could never end.
     * <li>New work is refused with a {@code RejectedExecutionException} if the view was shut down, the scope is closed,
     * or the scope's own executor refuses the work. {@code execute} also refuses if the scope was cancelled, because
     * the command would never run.
     * </ul>
     *
     * <p>Waiting for submitted work never starves the scope's executor. A view that is never shut down keeps nothing
     * alive.
     *
     * @return a new view, open as long as this scope is
     */
    ExecutorService asExecutorService();

    /**
     * Returns the tasks of this scope that have not ended, without those of scopes opened inside it.
     *
     * @return an unmodifiable snapshot
     */
    Set<Task<?>> tasks();

    /**
     * Returns whether this scope takes new work. A scope that was cancelled but not closed takes work and cancels it.
     *
     * @return true until the first call of {@code close} or {@code closeAsync}, or the end of the coroutine scope
     *     around it
     */
    boolean isOpen();

    /**
     * Returns what runs in this scope (a <em>dump</em>), as text for people. The text has a line for each scope, task,
     * gather and sleep that has not ended, and the stack of each body that runs. docs/observability.md explains each
     * part of it. At most 1,000 jobs and scopes have a line, but the counts include all. The text may change in later
     * versions.
     *
     * <p>A dump pauses no thread and throws nothing, and any thread may call it at any time. Each line is true at some
     * moment of the call, and two lines may be true at different moments. Ages are in whole units, and accurate to
     * about a second.
     *
     * @return one or more lines, each with a line feed at its end
     */
    String dump();

    /**
     * Returns what {@link #dump()} shows, as JSON for programs. docs/observability.md lists the members; later versions
     * may add some.
     *
     * @return one JSON object, without a line break; times are in seconds
     */
    String dumpJson();

    /**
     * Logs {@link #dump()} as one record of {@code java.util.logging}, at level {@code INFO}, with the logger
     * {@code io.github.coro4j}. If that level is off, this method does nothing.
     */
    void logDump();

    /**
     * Waits until all work has ended that began in this scope or in scopes opened inside it, including work that starts
     * meanwhile. It waits for tasks, sleeps, gathers, functions of derived futures, and their callbacks on the scope's
     * callback executor.
     *
     * <p>It does not wait for a promise, nor for a derived future whose function has not begun. It does wait for a
     * gather over a promise. It throws no failure of a task. {@link #dump()} shows what is left.
     *
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled; the tasks run on
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself
     * @throws DeadlockException if a task of this scope waits for the calling task, or if a callback can run only on the
     *     calling thread (see {@link ThreadBoundExecutor})
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the tasks run on
     */
    void join();

    /**
     * Waits like {@link #join()}, but at most for the given time. Returns whether all work has ended. If it has not, it
     * runs on: abandoning a wait cancels nothing. {@link #dump()} shows what is left.
     *
     * <pre>{@code
     * if (!scope.join(Duration.ofSeconds(2))) {
     *   scope.logDump();
     * }
     * }</pre>
     *
     * <p>A wait with a limit is part of no circle.
     *
     * @param timeout how long to wait; zero looks once
     * @return false if work still ran when the time had passed
     * @throws WaitInterruptedException if the waiting thread was interrupted or its task cancelled; the tasks run on
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; the tasks run on
     * @throws IllegalArgumentException if {@code timeout} is negative
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself
     */
    boolean join(Duration timeout);

    /**
     * Cancels everything in this scope, and returns without waiting. The request stays: what is started here later is
     * cancelled before it begins. The cancellation of each task has the name of the task and the reason.
     *
     * @param reason why the work is to stop
     * @throws IllegalStateException if this is the global scope, which all callers share
     */
    void cancel(String reason);

    /**
     * Closes this scope. It cancels the work that still runs, and waits until that work has ended and the callbacks on
     * the scope's callback executor have run. Then it reports unread failures. From the moment of the call, this scope
     * refuses new work. An interrupt does not end the wait, and the interrupt flag stays set. Closing again only waits
     * for the same end.
     *
     * <p>If the close takes ten seconds, the engine logs once what it waits for: a record of {@code java.util.logging} at
     * level {@code WARNING}, with the logger {@code io.github.coro4j} and the text of {@link #dump()}. Then the close
     * goes on waiting.
     *
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself, or if
     *     this is the global scope; the scope stays open
     * @throws DeadlockException if a task of this scope waits for the calling task, and a cancel does not end that
     *     wait; for example, two tasks close each other's scopes. The same holds if a callback can run only on the
     *     calling thread (see {@link ThreadBoundExecutor}). This scope was cancelled, and closes when its last task ends
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait. This scope was cancelled, and closes
     *     when its last task ends
     */
    @Override
    void close();

    /**
     * Closes this scope like {@link #close()}, but waits at most for the given time. Returns whether the close has
     * finished. If it has not, the scope stays closing: it refuses work, its work is cancelled, and the engine finishes
     * the close, with the reports, when the last work has ended. {@link #dump()} shows that work, with the stacks of
     * what runs. A later {@code close()} waits for the same end.
     *
     * <pre>{@code
     * if (!scope.close(Duration.ofSeconds(5))) {
     *   scope.logDump();
     * }
     * }</pre>
     *
     * <p>The time limits the wait for the work. A failure listener that then gets the reports on this thread may take
     * longer. A wait with a limit is part of no circle. An interrupt does not end the wait, and the interrupt flag stays
     * set.
     *
     * @param timeout how long to wait; zero does not wait
     * @return false if work or reports were left when the time had passed
     * @throws IllegalArgumentException if {@code timeout} is negative; the scope stays open
     * @throws BlockingRefusedException if a {@link BlockingGuard} refuses the wait; this scope closes all the same
     * @throws IllegalStateException if called from a task or callback of this scope, which would wait for itself, or if
     *     this is the global scope; the scope stays open
     */
    boolean close(Duration timeout);

    /**
     * Closes this scope without waiting, for a thread that must not block: a UI thread, a shutdown hook, a lifecycle
     * callback of a container. It cancels the work for the given reason, and this scope refuses new work. When the last
     * work has ended, the engine finishes the close on a thread of its own, and then completes the future.
     *
     * <pre>{@code
     * scope.closeAsync("the page was left").onSuccess(closed -> show(home));
     * }</pre>
     *
     * <p>It may also be called from tasks and callbacks of this scope. They must not wait for the future, because the
     * close waits for them.
     *
     * <p>The future belongs to the enclosing scope or, if there is none, to the {@linkplain #global() global} scope. So
     * its callbacks run on the callback executor of that scope. Each call returns another future. Cancelling it ends
     * only that future, and the close goes on. It never fails.
     *
     * @param reason why the work is to stop; if this scope was cancelled before, the first reason stays
     * @return a future that succeeds with null when the close has finished, with the callbacks and the reports
     * @throws IllegalStateException if this is the global scope, which all callers share; nothing was cancelled
     */
    Future<@Nullable Void> closeAsync(String reason);

    /** Describes a scope, and opens it. Each method returns this builder. Only one thread at a time may use it. */
    final class Builder {
        private String name = "scope";
        private @Nullable Executor executor;
        private @Nullable Executor callbackExecutor;
        private @Nullable FailureListener failureListener;
        private @Nullable TaskListener taskListener;
        private @Nullable Duration deadline;
        private List<ContextPropagator> propagators = List.of();
        private @Nullable TimeSource timeSource;
        private @Nullable BlockingGuard blockingGuard;

        private Builder() {}

        /**
         * Sets the name of the scope. The default is {@code scope}.
         *
         * @param name the name, for messages, reports and dumps
         * @return this builder
         * @throws IllegalArgumentException if {@code name} is blank
         */
        public Builder name(String name) {
            Arguments.notBlank(name, "name", "leave name() out, and the scope is called \"scope\"");
            this.name = name;
            return this;
        }

        /**
         * Sets the executor for bodies. The default is that of the enclosing scope, or the engine's own. The scope
         * never shuts it down. If it refuses a body or throws, the task fails with what it threw.
         *
         * @param executor the executor for bodies
         * @return this builder
         */
        public Builder executor(Executor executor) {
            Arguments.notNull(executor, "executor", "leave executor() out for the default one");
            this.executor = executor;
            return this;
        }

        /**
         * Sets the executor for callbacks that are added without one. The default is that of the enclosing scope, or
         * the engine's own pool. The scope never shuts it down. Because closing the scope waits for its callbacks, the
         * executor must still be able to run them then. Do not shut it down earlier, and do not let it depend on the
         * thread that closes the scope. A callback that waits holds up this executor, because the engine does nothing
         * to relieve it.
         *
         * @param callbackExecutor the executor for callbacks
         * @return this builder
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
         * Sets the listener for failures that would otherwise vanish. The default is that of the enclosing scope, or
         * else that of {@link EngineSettings#failureListener}, which logs by default.
         *
         * @param failureListener the listener
         * @return this builder
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
         * Sets the listener that observes when bodies begin, end and are cancelled. The default is that of the
         * enclosing scope, or all listeners that {@link java.util.ServiceLoader} finds.
         *
         * @param taskListener the listener, which must not block
         * @return this builder
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
         * Sets a <em>deadline</em>: when it has passed, the scope is cancelled, with a reason that says so. The
         * deadline also holds for scopes that are opened in the scope's tasks, so the earliest of several deadlines
         * wins. Closing the scope removes the deadline.
         *
         * @param deadline how long from {@link #open()}
         * @return this builder
         * @throws IllegalArgumentException if {@code deadline} is zero or negative
         */
        public Builder deadline(Duration deadline) {
            Arguments.positive(
                    deadline, "deadline", "leave deadline() out for a scope without one");
            this.deadline = deadline;
            return this;
        }

        /**
         * Adds a <em>context propagator</em> to the propagators of the enclosing scope and of
         * {@link java.util.ServiceLoader}. Each call adds a propagator, and equal propagators count once.
         *
         * @param propagator what propagates context to the bodies and callbacks of this scope, and of those opened
         *     inside it
         * @return this builder
         * @throws IllegalArgumentException if the propagator says that it is not available
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
                                + ", which says that it is not available: add the library that it needs, "
                                + "or leave contextPropagator() out");
            }
            List<ContextPropagator> all = new ArrayList<>(propagators);
            all.add(propagator);
            propagators = List.copyOf(all);
            return this;
        }

        /**
         * Sets where the scope takes its time from. The default is that of the enclosing scope, or the clock of the
         * machine.
         *
         * @param timeSource the source, for tests
         * @return this builder
         */
        public Builder timeSource(TimeSource timeSource) {
            Arguments.notNull(
                    timeSource,
                    "timeSource",
                    "leave timeSource() out for the clock of the machine");
            this.timeSource = timeSource;
            return this;
        }

        /**
         * Sets what decides whether a thread may wait for this scope, or for a future in it. The default is that of the
         * enclosing scope, or that of the engine.
         *
         * @param blockingGuard the guard
         * @return this builder
         */
        public Builder blockingGuard(BlockingGuard blockingGuard) {
            Arguments.notNull(
                    blockingGuard,
                    "blockingGuard",
                    "leave blockingGuard() out for that of the enclosing scope");
            this.blockingGuard = blockingGuard;
            return this;
        }

        /**
         * Opens the scope.
         *
         * @return a new scope, which the caller must close
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
                                    propagators,
                                    timeSource,
                                    blockingGuard));
        }
    }
}
