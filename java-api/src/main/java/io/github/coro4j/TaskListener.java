package io.github.coro4j;

/**
 * Is told of each step of the bodies of a scope: tasks, the children of gathers, and the functions of derived futures.
 * Promises, sleeps and gathers have no body, and a derived future whose function is not to run is not told of.
 *
 * <p>Given to {@link TaskScope.Builder#taskListener}, which scopes opened inside inherit. Where none was given, those are
 * told that {@link java.util.ServiceLoader} finds, all of them, in the order in which it finds them: the only way to
 * observe the global scope. They are looked for once, when Coro4j is first used, by the class loader of this interface;
 * one that cannot be loaded is logged and left out. Their constructors must not use Coro4j.
 *
 * <p><b>Order.</b> Of one body each step is told once at most: {@link #started} if it begins, then {@link #ended}, once in
 * any case; a body that was cancelled before it began is ended without having been started. {@link #cancelRequested} is
 * told by whoever asks, perhaps while another thread tells of the end. When the scope's {@link TaskScope#join()} or {@link
 * TaskScope#close()} returns, all of it has been told.
 *
 * <p><b>Threads.</b> Called on the very thread that begins or ends the body, or cancels it; by several at once. Must not
 * block: the body, or whoever cancels, stands still meanwhile. Inside {@code ended} and {@code cancelRequested} there is
 * no current task, unless a body asks itself to stop. What a listener throws is reported as {@link FailureReport.Kind#LISTENER_FAILED} and changes nothing
 * else.
 *
 * <p>Without a listener all of this costs a body a few null checks.
 */
public interface TaskListener {

    /**
     * A body begins, after this returns.
     *
     * @param event with the time that it waited
     */
    default void started(TaskEvent event) {}

    /**
     * A body has ended, or will never begin; called after that can be seen. For {@code flatMap} the body is the function,
     * and not the future that it returned; but if that one has ended by then, its end is told.
     *
     * @param event with how it ended, and how long it waited and ran
     */
    default void ended(TaskEvent event) {}

    /**
     * Somebody asked a body to stop for the first time; it has perhaps not begun.
     *
     * @param event with the reason, and how long it has waited and run so far
     */
    default void cancelRequested(TaskEvent event) {}
}
