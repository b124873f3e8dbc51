package io.github.coro4j;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Future} whose body has already been started in a {@link TaskScope}. It has a name, and it cannot be completed
 * from outside.
 *
 * <p>Starting a task hands its body to the scope's executor and returns; it does not wait for the body to begin. The
 * body may block: it has a thread of its own while it runs. It may wait for other tasks of its scope, at any depth.
 *
 * <pre>{@code
 * Task<String> user = Task.start("load-user", () -> load(42));
 * Task<Void> audit = Task.launch("audit", () -> write("asked for 42"));
 * System.out.println(user.join());
 * audit.join();
 * }</pre>
 *
 * <p>{@link Callable} bodies give a value ({@code start}); {@link ThrowingRunnable} bodies give none ({@code launch}). They have
 * different names so that a lambda never falls into the wrong one.
 *
 * <p><b>Cancelling</b> follows {@link Future#cancel(String)}: a body that blocks is interrupted; a body that never blocks
 * calls {@link #checkCancelled()} in its loops; a body that has not begun never runs. The interrupt flag never leaks into
 * the next body on the same thread.
 *
 * <p><b>Memory effects.</b> What the caller did before {@code start} happens-before the body; what the body did
 * happens-before every read of the end and every callback.
 *
 * @param <T> the type of the result
 */
public interface Task<T extends @Nullable Object> extends Future<T> {

    /**
     * The name of this task: the one it was started with, or one of the form {@code task-7}, drawn from a counter of its
     * scope when it is first asked for. It appears in every report, message and dump, and never changes.
     *
     * @return the name
     */
    String name();

    /**
     * The scope in which this task was started.
     *
     * @return the scope
     */
    TaskScope scope();

    /**
     * Starts a body in the scope of the current task, or in the global scope when called elsewhere; otherwise as {@link
     * TaskScope#start(Callable)}.
     *
     * @param <T> the type of the result
     * @param body what to run
     * @return the started task
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if that scope is closed
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
     * @throws NullPointerException if {@code name} or {@code body} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if that scope is closed
     */
    static <T extends @Nullable Object> Task<T> start(String name, Callable<? extends T> body) {
        return EngineLookup.engine().currentScope().start(name, body);
    }

    /**
     * Starts a body without a value in the scope of the current task, or in the global scope when called elsewhere;
     * otherwise as {@link TaskScope#launch(ThrowingRunnable)}.
     *
     * @param body what to run
     * @return the started task; its value is null
     * @throws NullPointerException if {@code body} is null
     * @throws IllegalStateException if that scope is closed
     */
    static Task<@Nullable Void> launch(ThrowingRunnable body) {
        return EngineLookup.engine().currentScope().launch(body);
    }

    /**
     * Starts a body without a value as a task with the given name; otherwise like {@link #launch(ThrowingRunnable)}.
     *
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run
     * @return the started task; its value is null
     * @throws NullPointerException if {@code name} or {@code body} is null
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if that scope is closed
     */
    static Task<@Nullable Void> launch(String name, ThrowingRunnable body) {
        return EngineLookup.engine().currentScope().launch(name, body);
    }

    /**
     * A timer: a future that ends with null after the given time. No thread is held while it runs. It belongs to the
     * scope of the current task, or to the global scope; cancelling it ends it at once.
     *
     * <p>To sleep inside a body, wait for it: {@code Task.sleep(ofMillis(50)).join()}; unlike {@link Thread#sleep} that
     * ends also when the task is cancelled without an interrupt.
     *
     * @param duration how long from now; zero gives a future that is already done
     * @return the timer
     * @throws IllegalArgumentException if {@code duration} is negative
     * @throws NullPointerException if {@code duration} is null
     * @throws IllegalStateException if that scope is closed
     */
    static Future<@Nullable Void> sleep(Duration duration) {
        Arguments.notNegative(duration, "duration", "zero gives a future that is done");
        return EngineLookup.engine().sleep(duration);
    }

    /**
     * The task whose body is running on this thread.
     *
     * @return the innermost running task, or null outside any body: on other threads, and in callbacks
     */
    static @Nullable Task<?> current() {
        return EngineLookup.engine().currentTask();
    }

    /**
     * Ends the current body if its task has been asked to stop; for loops that never block. Outside a task it does
     * nothing.
     *
     * <pre>{@code
     * for (Row row : rows) {
     *   Task.checkCancelled();
     *   crunch(row);
     * }
     * }</pre>
     *
     * @throws java.util.concurrent.CancellationException if the current task has been asked to stop; let it pass
     */
    static void checkCancelled() {
        EngineLookup.engine().checkCancelled();
    }
}
