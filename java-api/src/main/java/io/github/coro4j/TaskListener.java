package io.github.coro4j;

/**
 * Observes the start, end and cancellation of every <em>body</em> in a scope: tasks, the children of gathers, and the
 * functions of derived futures. Promises, sleeps and gathers have no body. A derived future whose function will not run
 * causes no event.
 *
 * <p>Pass a listener to {@link TaskScope.Builder#taskListener}; scopes opened inside inherit it. A scope that neither
 * has nor inherits one uses all listeners that {@link java.util.ServiceLoader} finds, in the order in which it finds
 * them. No other listener can observe the global scope. The class loader of this interface looks for these listeners
 * once, when Coro4j is first used. A listener that cannot be loaded is logged and left out. The constructors of these
 * listeners must not use Coro4j.
 *
 * <p><b>Order.</b> Each method is called at most once per body: {@link #started} if the body begins, then
 * {@link #ended} in any case. If a body is cancelled before it begins, {@code ended} is called without {@code started}.
 * The thread that cancels the body calls {@link #cancelRequested}, perhaps while another thread calls {@code ended}.
 * All these calls return before the scope's {@link TaskScope#join()} or {@link TaskScope#close()} does.
 *
 * <p><b>Threads.</b> The very thread that begins, ends or cancels the body calls the listener; several threads may do
 * so at once. A listener must not block, because it holds up the body or the cancelling thread. Inside {@code ended}
 * and {@code cancelRequested} there is no current task, unless a body cancels its own task. If a listener throws, this
 * is reported as {@link FailureReport.Kind#LISTENER_FAILED} and changes nothing else.
 *
 * <p>Without a listener, a body needs only a few null checks.
 */
public interface TaskListener {

    /**
     * Observes the start of a body, which begins after this method returns.
     *
     * @param event the event, with the time that the body waited
     */
    default void started(TaskEvent event) {}

    /**
     * Observes that a body has ended, or will never begin. Readers of the future can already see the end. For
     * {@code flatMap} the body is the function, and not the future that it returned. If that future has ended by then,
     * the event shows how that future ended.
     *
     * @param event the event, with how the body ended, and how long it waited and ran
     */
    default void ended(TaskEvent event) {}

    /**
     * Observes the first request to cancel a body, which may not have begun.
     *
     * @param event the event, with the reason, and how long the body has waited and run so far
     */
    default void cancelRequested(TaskEvent event) {}
}
