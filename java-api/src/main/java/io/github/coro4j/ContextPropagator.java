package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * Propagates what a thread holds, such as a tenant, a locale or a trace, to the threads that work for it. A propagator
 * captures this context where work is started or a callback is added. It installs the captured context around the body
 * or the callback, and removes it afterwards.
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
 * <p>A scope has the propagators that {@link java.util.ServiceLoader} finds, then those of the enclosing scope, then its
 * own ({@link TaskScope.Builder#contextPropagator}), each once. Services are looked for once, when Coro4j is first used, by the
 * class loader of this interface; the global scope has no other propagators. A service that cannot be loaded is logged and
 * left out; its constructor must not use Coro4j. With {@code coro4j-bridges} and the library on the class path, the MDC
 * of SLF4J, OpenTelemetry's {@code Context} and Micrometer's {@code ContextSnapshot} are propagated without a line of
 * code.
 *
 * <p><b>What is propagated, from where.</b> For a task, from the thread that starts it. For the children of a gather, its
 * items, its progress listener and a policy of your own, from the thread that calls the policy; once for all of them. For
 * {@code map}, {@code flatMap} and {@code recover}, and for a callback, from the thread that adds them, whether the future
 * is done or not. {@link Future#toCompletableFuture()} adds a callback: dependents of its future that run when it
 * completes see the context captured there. The propagators are those of the scope in which the task or the future lives.
 * The main body of {@link TaskScope#run} runs on its caller's thread, in what that holds. Task listeners, failure
 * listeners and the JDK's own asynchronous dependents get nothing.
 *
 * <p><b>Threads.</b> {@link #capture} runs on the thread that starts the work or adds the callback. {@link #install}
 * and {@link Installed#close} run on the thread that runs the body or the callback. That may be the thread of a task
 * that waits for it or, if an executor runs the body on the spot, the thread that called {@code start}. So a capture of
 * nothing is installed as well, and afterwards the thread holds again what it held before. Several threads may call a
 * propagator at once.
 *
 * <p><b>Failures.</b> If a capture throws, nothing is started or added, and the caller gets an
 * {@link IllegalStateException} with the exception as cause. If an install throws, the body does not run, and its task,
 * or the group whose policy it was, fails with the exception. A callback or a progress listener runs without the
 * captured context, and the exception is reported as {@link FailureReport.Kind#PROPAGATOR_FAILED}. An exception that a close throws
 * is reported in the same way, and the other propagators are closed.
 *
 * <p><b>Memory.</b> What was captured is held until the body or the callback has run, or has been cancelled or removed;
 * by a group, until its last child has ended. With one propagator, a task that waits for its turn takes 24 bytes more,
 * beside what was captured, and a child of a group takes none. Without a propagator, neither takes more.
 */
public interface ContextPropagator {

    /**
     * Captures what the calling thread holds.
     *
     * @return what to give to {@link #install}; null if there is nothing, which is installed as nothing
     */
    @Nullable Object capture();

    /**
     * Installs the captured context on the calling thread. Bodies nest, so the thread may hold the context of another body.
     *
     * @param captured what {@link #capture} returned on another thread, or on this one; given to as many bodies as a group
     *     has, several at once
     * @return what removes it again
     */
    Installed install(@Nullable Object captured);

    /**
     * Returns whether there is something to propagate. A service whose library is absent returns false, and is left out.
     * Called once, before any other method.
     *
     * @return true, unless overridden
     */
    default boolean isAvailable() {
        return true;
    }

    /**
     * Returns a propagator of one thread-local. Its value is propagated by reference: both threads then have the same
     * object. Afterwards the former value is set again, whatever the body has set; where it was null, a plain {@link ThreadLocal} or {@link
     * InheritableThreadLocal} is removed.
     *
     * <p>A thread-local with an initial value ({@link ThreadLocal#withInitial}) is asked for it on the thread that starts
     * the work, which propagates it, and on the thread that runs the body, which keeps it as the value it had before. So do
     * not propagate one that has an object of its own for each thread, such as a buffer.
     *
     * @param local the thread-local
     * @return a propagator; two for the same thread-local are equal
     * @throws NullPointerException if {@code local} is null
     */
    static ContextPropagator of(ThreadLocal<?> local) {
        Arguments.notNull(local, "local", "give the thread-local to propagate");
        return new ThreadLocalPropagator<>(local);
    }

    /** The installed context, until it is removed. */
    @FunctionalInterface
    interface Installed extends AutoCloseable {

        /** Puts back what was there before; called once, on the thread of {@link ContextPropagator#install}. */
        @Override
        void close();
    }
}
