package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * Carries what a thread holds, such as a tenant, a locale or a trace, to the threads that work for it: taken where work is
 * started or a callback is added, put in place around the body or the callback, and taken away again.
 *
 * <pre>{@code
 * ThreadLocal<String> tenant = new ThreadLocal<>();
 * try (TaskScope scope = TaskScope.builder().carry(ContextCarrier.of(tenant)).open()) {
 *   tenant.set("acme");
 *   Task<String> bill = scope.start(() -> "bill for " + tenant.get());
 *   tenant.remove();
 *   show(bill.join()); // bill for acme
 * }
 * }</pre>
 *
 * <p>A scope has the carriers that {@link java.util.ServiceLoader} finds, then those of the enclosing scope, then its
 * own ({@link TaskScope.Builder#carry}), each once. Services are looked for once, when Coro4j is first used, by the
 * class loader of this interface; the global scope has no other carriers. A service that cannot be loaded is logged and
 * left out; its constructor must not use Coro4j. With {@code coro4j-bridges} and the library on the class path, the MDC
 * of SLF4J, OpenTelemetry's {@code Context} and Micrometer's {@code ContextSnapshot} are carried without a line of
 * code.
 *
 * <p><b>What is carried, from where.</b> For a task, from the thread that starts it. For the children of a gather, its
 * items, its progress listener and a policy of your own, from the thread that calls the policy; once for all of them. For
 * {@code map}, {@code flatMap} and {@code recover}, and for a callback, from the thread that adds them, whether the future
 * is done or not. {@link Future#toCompletableFuture()} adds a callback: dependents of its future that run when it
 * completes see what was carried from there. The carriers are those of the scope in which the task or the future lives.
 * The main body of {@link TaskScope#run} runs on its caller's thread, in what that holds. Task listeners, failure
 * listeners and the JDK's own asynchronous dependents get nothing.
 *
 * <p><b>Threads.</b> {@link #capture} runs on the thread that starts the work or adds the callback. {@link #install}
 * and {@link Installed#close} run on the thread that runs the body or the callback. That may be the thread of a task
 * that waits for it or, if an executor runs the body on the spot, the thread that called {@code start}. So a capture of
 * nothing is installed as well, and afterwards the thread holds again what it held before. Several threads may call a
 * carrier at once.
 *
 * <p><b>Failures.</b> If a capture throws, nothing is started or added, and the caller gets an
 * {@link IllegalStateException} with the exception as cause. If an install throws, the body does not run, and its task,
 * or the group whose policy it was, fails with the exception. A callback or a progress listener runs without what is
 * carried, and the exception is reported as {@link FailureReport.Kind#CARRIER_FAILED}. An exception that a close throws
 * is reported in the same way, and the other carriers are closed.
 *
 * <p><b>Memory.</b> What was captured is held until the body or the callback has run, or has been cancelled or removed;
 * by a group, until its last child has ended. With one carrier, a task that waits for its turn takes 24 bytes more,
 * beside what was captured, and a child of a group takes none. Without a carrier, neither takes more.
 *
 * <p><b>Against asyncio.</b> A task runs in a copy of the {@code contextvars} context of its creator, and a callback in
 * that of the code that adds it. Here only what has a carrier goes along; and a value is carried by reference, not
 * copied.
 */
public interface ContextCarrier {

    /**
     * Takes what the calling thread holds.
     *
     * @return what to give to {@link #install}; null if there is nothing, which is installed as nothing
     */
    @Nullable Object capture();

    /**
     * Puts in place what was captured, on the calling thread. Bodies nest: what is there is perhaps another body's.
     *
     * @param captured what {@link #capture} returned on another thread, or on this one; given to as many bodies as a group
     *     has, several at once
     * @return what takes it away again
     */
    Installed install(@Nullable Object captured);

    /**
     * Whether there is something to carry: a service whose library is not there says false, and is left out. Asked once,
     * before any other method.
     *
     * @return true, unless overridden
     */
    default boolean isAvailable() {
        return true;
    }

    /**
     * A carrier of one thread-local. Its value is carried by reference: both threads then have the same object. Afterwards
     * the former value is set again, whatever the body has set; where it was null, a plain {@link ThreadLocal} or {@link
     * InheritableThreadLocal} is removed.
     *
     * <p>A thread-local with an initial value ({@link ThreadLocal#withInitial}) is asked for it on the thread that starts
     * the work, which carries it, and on the thread that runs the body, which keeps it as the value it had before. So do
     * not carry one that has an object of its own for each thread, such as a buffer.
     *
     * @param local the thread-local
     * @return a carrier; two for the same thread-local are equal
     * @throws NullPointerException if {@code local} is null
     */
    static ContextCarrier of(ThreadLocal<?> local) {
        Arguments.notNull(local, "local", "give the thread-local to carry");
        return new ThreadLocalCarrier<>(local);
    }

    /** What was put in place, until it is taken away. */
    @FunctionalInterface
    interface Installed extends AutoCloseable {

        /** Puts back what was there before; called once, on the thread of {@link ContextCarrier#install}. */
        @Override
        void close();
    }
}
