package io.github.coro4j;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Future} whose <em>body</em> was started in a {@link TaskScope}. It has a name, and other code cannot
 * complete it.
 *
 * <pre>{@code
 * Task<String> user = Task.start("load-user", () -> load(42));
 * Task<Void> audit = Task.launch("audit", () -> write("asked for 42"));
 * System.out.println(user.join());
 * audit.join();
 * }</pre>
 *
 * <p>Starting a task passes its body to the scope's executor, and does not wait for the body to begin. A body may
 * block, because it has a thread of its own while it runs. It may wait for other tasks of its scope, at any depth.
 * {@code start} takes a {@link Callable}, which returns a value; {@code launch} takes a {@link ThrowingRunnable}, which
 * returns none. The names differ so that a lambda never selects the wrong method.
 *
 * <p><b>Cancelling.</b> A body that blocks is interrupted. A body that never blocks must call {@link #checkCancelled()}
 * in its loops. If a task is cancelled before its body has begun, the body never runs. The interrupt flag never reaches
 * another body on the same thread. {@link Future#cancel(String)} has the details.
 *
 * <p><b>Starting is ownership.</b> A cancel also reaches what the body has started in the scope of its task: tasks,
 * groups, sleeps, futures that follow a stage, and derived futures. What other code has started runs on. The cancelled
 * task is done when its work has ended too, except futures and gathers that only follow other futures. If the body
 * returns or fails without a request, the work belongs to the scope alone.
 *
 * <pre>{@code
 * Task<List<String>> page = scope.start("page", () -> scope.gather(urls, url -> load(url)).all().join());
 * page.cancelAndJoin("the user has left"); // no load runs any more
 * }</pre>
 *
 * <p>To let work run on after a cancel, start it in another scope, or {@linkplain Future#shield() shield} it in the
 * body. The cancel does not reach promises, work that was submitted to {@link TaskScope#asExecutorService()}, or what a
 * callback has started.
 *
 * <p><b>Memory effects.</b> What the caller did before {@code start} happens-before the body; what the body did
 * happens-before every read of the outcome and every callback.
 *
 * @param <T> the type of the result
 */
public interface Task<T extends @Nullable Object> extends Future<T> {

    /**
     * Returns the name of this task, which appears in every report, message and dump. It never changes. A task that was
     * started without a name gets one when the name is first needed: {@code task-7}, with a number from a counter of
     * its scope.
     *
     * @return the name
     */
    String name();

    /** {@return the scope in which this task was started} */
    TaskScope scope();

    /**
     * Starts a body in the {@linkplain #current() current scope}; otherwise like {@link TaskScope#start(Callable)}.
     *
     * @param <T> the type of the result
     * @param body what to run
     * @return the started task
     * @throws IllegalStateException if that scope is closed; the body does not run
     */
    static <T extends @Nullable Object> Task<T> start(Callable<? extends T> body) {
        return EngineLookup.engine().currentScope().start(body);
    }

    /**
     * Starts a body as a task with the given name; otherwise like {@link #start(Callable)}.
     *
     * @param <T> the type of the result
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run
     * @return the started task
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if that scope is closed; the body does not run
     */
    static <T extends @Nullable Object> Task<T> start(String name, Callable<? extends T> body) {
        return EngineLookup.engine().currentScope().start(name, body);
    }

    /**
     * Starts a body without a value; otherwise like {@link #start(Callable)}.
     *
     * <p>If the body fails, the failure is reported at once to the {@link FailureListener} of that scope, unless code
     * waits for the task, has a callback on it, or has made a future or gather of it. Reading it later is still possible.
     *
     * @param body what to run
     * @return the started task; its value is null
     * @throws IllegalStateException if that scope is closed; the body does not run
     */
    static Task<@Nullable Void> launch(ThrowingRunnable body) {
        return EngineLookup.engine().currentScope().launch(body);
    }

    /**
     * Starts a body without a value as a task with the given name; otherwise like {@link #start(Callable)}.
     *
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run
     * @return the started task; its value is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if that scope is closed; the body does not run
     */
    static Task<@Nullable Void> launch(String name, ThrowingRunnable body) {
        return EngineLookup.engine().currentScope().launch(name, body);
    }

    /**
     * Starts a timer: a future that completes with null after the given time. The timer belongs to the
     * {@linkplain #current() current scope}. It holds no thread, and cancelling it ends it at once.
     *
     * <p>To sleep inside a body, wait for a timer: {@code Task.sleep(ofMillis(50)).join()}. Unlike
     * {@link Thread#sleep}, this also ends when the task is cancelled without an interrupt.
     *
     * @param duration how long from now; zero gives a future that is already done
     * @return the timer
     * @throws IllegalArgumentException if {@code duration} is negative
     * @throws IllegalStateException if that scope is closed
     */
    static Future<@Nullable Void> sleep(Duration duration) {
        Arguments.notNegative(duration, "duration", "zero gives a future that is done");
        return EngineLookup.engine().sleep(duration);
    }

    /**
     * Returns the task whose body runs on this thread. The <em>current scope</em> is the scope of that task, or the
     * global scope if there is no such task.
     *
     * @return the innermost running task; null outside every body: on other threads, and in callbacks
     */
    static @Nullable Task<?> current() {
        return EngineLookup.engine().currentTask();
    }

    /**
     * Throws if the current task's cancel was requested. Call it in loops that never block. Outside a task it does
     * nothing.
     *
     * <pre>{@code
     * for (Row row : rows) {
     *   Task.checkCancelled();
     *   crunch(row);
     * }
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if the cancel was requested; do not catch it, so that the body
     *     ends
     */
    static void checkCancelled() {
        EngineLookup.engine().checkCancelled();
    }

    /**
     * Adds a hook that runs when the cancel of the current body's task is requested. Use it for work that an interrupt
     * does not stop: a query, a socket, a process, the call of a client library.
     *
     * <pre>{@code
     * try (Statement statement = connection.createStatement();
     *     Registration hook = Task.onCancel(statement::cancel)) {
     *   return read(statement.executeQuery(sql));
     * }
     * }</pre>
     *
     * <p>The hook runs once, on a thread of the engine, with the captured context of the thread that called this
     * method. If the cancel was requested before, it runs at once. The body is interrupted too, unless the request was
     * {@code cancel(false)}; the order of the two is not defined. What the hook throws is reported with the name of the
     * task, as {@link FailureReport.Kind#CANCEL_HOOK_FAILED}. The cancelled task is done when its hooks have returned.
     *
     * <p>Once a hook has begun, an {@link Exception} that the body throws counts as the cancel, because most likely the
     * hook has caused it: a query that is stopped throws an {@code SQLException}, and a closed socket a
     * {@code SocketException}. It is attached to the cancellation as suppressed. An {@link Error} is still a failure.
     *
     * <p>A cancel may come after this call and before the call that the hook is to stop. Some resources ignore the hook
     * then: {@code Statement.cancel} stops only a query that runs. Give such a call a time limit of its own too.
     *
     * <p>{@link Registration#remove()} removes a hook that has not begun. {@link Registration#close()} also waits for a
     * hook that is running, so that the hook cannot stop what the resource does next. A hook that waits for its own
     * task, or for something that waits for it, gets a {@link DeadlockException}. When the body returns or fails
     * without a request, its hooks are dropped. What the body did before this call happens-before the hook.
     *
     * <p>In a suspend body or one of its coroutines, the hook belongs to the task. The cancel of a single coroutine does
     * not run it.
     *
     * @param hook what to run
     * @return the registration of the hook
     * @throws IllegalStateException if no body runs on this thread, as in a callback
     */
    static Registration onCancel(ThrowingRunnable hook) {
        return EngineLookup.engine().onCancel(hook);
    }

    /**
     * Runs a clean-up on this thread. Inside it, waits work even if the task is cancelled. Elsewhere in a cancelled
     * body every wait ends at once, and what it starts in the scope of its task is cancelled.
     *
     * <pre>{@code
     * try {
     *   transfer(order);
     * } catch (InterruptedException | CancellationException cancelled) {
     *   Task.nonCancellable(() -> Task.launch("undo", () -> undo(order)).join(Duration.ofSeconds(5)));
     *   throw cancelled;
     * }
     * }</pre>
     *
     * <p>Inside it, a cancel neither interrupts this thread nor ends a wait, and {@link #checkCancelled()} does
     * nothing. The interrupt flag is cleared at the beginning. It is set again at the end if it was set before, or if a
     * cancel came meanwhile. The {@linkplain #current() current scope} is the global scope, so that tasks and sleeps
     * run although the scope of the task is cancelled or closed. The task is not done, and its scope does not close,
     * before the clean-up has ended. So give waits inside it a time limit. Work that it starts and does not wait for
     * runs on in the global scope.
     *
     * <p>In a callback and on other threads this only calls {@code cleanUp}. In suspend bodies use
     * {@code withContext(NonCancellable)}.
     *
     * @param <T> the type of the result
     * @param cleanUp what to run
     * @return what {@code cleanUp} returns
     * @throws Exception what {@code cleanUp} throws
     */
    static <T extends @Nullable Object> T nonCancellable(Callable<? extends T> cleanUp)
            throws Exception {
        return EngineLookup.engine().nonCancellable(cleanUp);
    }
}
