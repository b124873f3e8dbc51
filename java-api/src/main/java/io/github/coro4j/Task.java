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
 * in its loops. A body that has not begun never runs. The interrupt flag never reaches another body on the same thread.
 * {@link Future#cancel(String)} has the details.
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
}
