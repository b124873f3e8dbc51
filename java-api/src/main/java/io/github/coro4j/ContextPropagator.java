package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * Propagates what a thread holds, such as a tenant, a locale or a trace, to the threads that work for it. A propagator
 * <em>captures</em> this context when work is started or a callback is added. It installs the captured context around
 * the body or the callback, and removes it afterwards.
 *
 * <pre>{@code
 * ThreadLocal<String> tenant = new ThreadLocal<>();
 * try (TaskScope scope = TaskScope.builder().contextPropagator(ContextPropagator.of(tenant)).open()) {
 *   tenant.set("acme");
 *   Task<String> bill = scope.start(() -> "bill for " + tenant.get());
 *   tenant.remove();
 *   show(bill.join()); // bill for acme
 * }
 * }</pre>
 *
 * <p><b>Which propagators.</b> A scope has the propagators that {@link java.util.ServiceLoader} finds, then those of
 * the enclosing scope, then its own ({@link TaskScope.Builder#contextPropagator}), each once. The global scope has only
 * the propagators that the service loader finds. The class loader of this interface looks for them once, when Coro4j is
 * first used. A propagator that cannot be loaded is logged and left out. The constructors of these propagators must not
 * use Coro4j. The artifact {@code coro4j-bridges} has propagators for the MDC of SLF4J, OpenTelemetry's {@code Context}
 * and Micrometer's {@code ContextSnapshot}. Each works if its library is on the class path.
 *
 * <p><b>What is captured where.</b> The scope in which the task or the future lives decides which propagators capture.
 * They capture:
 *
 * <ul>
 * <li>for a task, on the thread that starts it;
 * <li>for a gather, once, on the thread that calls the policy: for its children, its items, its progress listener and a
 * policy of your own;
 * <li>for {@code map}, {@code flatMap}, {@code recover} and callbacks, on the thread that adds them, whether the future
 * is done or not;
 * <li>for {@link Future#toCompletableFuture()}, on the thread that calls it: the context is installed for dependents
 * that run when the view completes.
 * </ul>
 *
 * <p>The main body of {@link TaskScope#run} runs on the calling thread, with what that thread holds. Nothing is
 * propagated to task listeners and the JDK's own asynchronous dependents.
 *
 * <p><b>Reports.</b> A {@link FailureListener} is called with what was captured for the task, future, gather, callback,
 * progress listener or cancel hook that failed. A future for which nothing was captured, such as that of
 * {@link Future#orTimeout}, uses the context of the future whose failure it passes on, unless that failure was read
 * before. If no context is left, nothing is installed.
 *
 * <p><b>Threads.</b> {@link #capture} runs on the thread that starts the work or adds the callback. {@link #install}
 * and {@link Installed#close} run on the thread that runs the body or the callback. That thread may hold a context of
 * its own, because it may be a waiting task's thread or the thread that called {@code start}. So an empty capture is
 * installed too, and afterwards the thread holds what it held before. Several threads may call a propagator at once.
 *
 * <p><b>Failures.</b> If a capture throws, nothing is started or added, and the caller gets an
 * {@link IllegalStateException} with the exception as its cause. If an install throws, the body does not run, and its
 * task fails with the exception. If it throws for a policy of your own, the group fails with the exception. A callback
 * or a progress listener still runs without the captured context, and the exception is reported as
 * {@link FailureReport.Kind#PROPAGATOR_FAILED}. A failure listener gets its report in the same way. An exception that a
 * close throws is reported, too, and the other propagators are closed. For a report of this kind nothing is installed.
 *
 * <p><b>Memory.</b> What was captured is held until the body or the callback has run, or has been cancelled or removed.
 * A group holds it until its last child has ended. A failed future holds it until its failure has been read or
 * reported. So the captured object must not refer to that future, which would never become unreachable. With one
 * propagator, a task that waits for its turn takes 24 bytes more, in addition to what was captured. A child of a group
 * takes none. Without a propagator, neither takes more.
 */
public interface ContextPropagator {

    /**
     * Captures what the calling thread holds.
     *
     * @return what to pass to {@link #install}; null if there is nothing, and then null is installed
     */
    @Nullable Object capture();

    /**
     * Installs the captured context on the calling thread. Bodies nest, so the thread may hold the context of another
     * body.
     *
     * @param captured what {@link #capture} returned, perhaps on another thread; all bodies of a group get it, several
     *     at once
     * @return the installed context, which its {@code close} removes
     */
    Installed install(@Nullable Object captured);

    /**
     * Returns whether there is something to propagate. It is called once, before any other method. The engine leaves
     * out a service that returns false, for example because its library is absent.
     *
     * @return true, unless overridden
     */
    default boolean isAvailable() {
        return true;
    }

    /**
     * Returns a propagator of a thread-local. It propagates the value by reference: both threads then have the same
     * object. After the body, the former value is set again, whatever the body has set. If the former value was null, a
     * plain {@link ThreadLocal} or {@link InheritableThreadLocal} is removed instead.
     *
     * <p>A thread-local with an initial value ({@link ThreadLocal#withInitial}) creates a value on the thread that
     * starts the work, and this value is propagated. It creates another value on the thread that runs the body, and
     * this value is kept as the former value. So do not propagate a thread-local whose threads each need an object of
     * their own, such as a buffer.
     *
     * @param local the thread-local
     * @return a propagator; two for the same thread-local are equal
     */
    static ContextPropagator of(ThreadLocal<?> local) {
        Arguments.notNull(local, "local", "give the thread-local to propagate");
        return new ThreadLocalPropagator<>(local);
    }

    /** A context that is installed on a thread. */
    @FunctionalInterface
    interface Installed extends AutoCloseable {

        /**
         * Restores what the thread held before. It is called once, on the thread of {@link ContextPropagator#install}.
         */
        @Override
        void close();
    }
}
