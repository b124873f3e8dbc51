package io.github.coro4j;

/**
 * Observes the start, end and cancellation of every body in a scope: tasks, the children of gathers, and the functions
 * of derived futures. Promises, sleeps and gathers have no body. A derived future whose function is not to run causes
 * no event.
 *
 * <p>Pass a listener to {@link TaskScope.Builder#taskListener}; scopes opened inside inherit it. A scope that neither
 * has nor inherits one uses all listeners that {@link java.util.ServiceLoader} finds, in the order in which it finds
 * them. That is the only way to observe the global scope. These listeners are looked for once, when Coro4j is first
 * used, by the class loader of this interface. A listener that cannot be loaded is logged and left out. The
 * constructors of these listeners must not use Coro4j.
 *
 * <p><b>Order.</b> Each method is called at most once per body: {@link #started} if the body begins, then
 * {@link #ended}, in any case. If a body is cancelled before it begins, {@code ended} is called without
 * {@code started}. The thread that cancels the body calls {@link #cancelRequested}, perhaps while another thread calls
 * {@code ended}. When the scope's {@link TaskScope#join()} or {@link TaskScope#close()} returns, all these calls have
 * been made.
 *
 * <p><b>Threads.</b> The very thread that begins, ends or cancels the body calls the listener; several threads may do
 * so at once. A listener must not block, because it holds up the body or the cancelling thread. Inside {@code ended}
 * and {@code cancelRequested} there is no current task, unless a body cancels its own task. An exception that a
 * listener throws is reported as {@link FailureReport.Kind#LISTENER_FAILED} and changes nothing else.
 *
 * <p>Without a listener all of this costs a body a few null checks.
 */
public interface TaskListener {

    /**
     * Observes the start of a body, which begins after this method returns.
     *
     * @param event with the time that it waited
     */
    default void started(TaskEvent event) {}

    /**
     * Observes that a body has ended, or will never begin; called after the end can be seen. For {@code flatMap} the
     * body is the function, and not the future that it returned. If that future has ended by then, the event has its
     * end.
     *
     * @param event with how it ended, and how long it waited and ran
     */
    default void ended(TaskEvent event) {}

    /**
     * Observes the first request to cancel a body, which has perhaps not begun.
     *
     * @param event with the reason, and how long it has waited and run so far
     */
    default void cancelRequested(TaskEvent event) {}
}
