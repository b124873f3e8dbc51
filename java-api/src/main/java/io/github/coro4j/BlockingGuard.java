package io.github.coro4j;

/**
 * Decides whether a thread may block in Coro4j. A platform installs a guard for threads that must stay responsive: the
 * main thread of an app, the event loop of a server.
 *
 * <pre>{@code
 * TaskScope window = TaskScope.builder()
 *     .name("window")
 *     .blockingGuard(awaited -> SwingUtilities.isEventDispatchThread() ? Answer.REFUSE : Answer.ALLOW)
 *     .open();
 * }</pre>
 *
 * <p>The engine asks, on every thread, before a call blocks the calling thread:
 *
 * <ul>
 * <li>{@code get}, {@code join}, {@code joinOutcome} and {@code cancelAndJoin} of a future or its views;
 * <li>{@code join} and {@code close} of a scope, and {@link TaskScope#run} if it must wait for tasks;
 * <li>a loop over {@code asCompleted} or over a flow;
 * <li>{@code Suspend.runBlocking}, {@code invokeAll} and {@code invokeAny}, before they start anything;
 * <li>{@code awaitTermination} and {@code close} of a scope's executor.
 * </ul>
 *
 * <p>It does not ask if there is nothing to wait for, if the time limit is zero, or in {@link Registration#close()}.
 *
 * <p><b>Which guard.</b> The engine asks the guard of the awaited scope, or of the scope of the awaited future.
 * {@link TaskScope.Builder#blockingGuard} sets it, and inner scopes inherit it. A scope without a guard uses that of
 * {@link EngineSettings#blockingGuard}. Without that setting, the engine asks all guards that
 * {@link java.util.ServiceLoader} finds, and the strictest answer counts.
 *
 * <p><b>Threads.</b> The engine calls the guard on the thread that is about to wait, so the guard asks which thread that
 * is. Several threads may call it at once. It must be quick, and must not wait itself. If it throws, the exception
 * reaches the caller in place of the wait. The constructor of a guard that is found as a service must not use Coro4j.
 */
@FunctionalInterface
public interface BlockingGuard {

    /**
     * Decides whether the calling thread may wait.
     *
     * @param awaited what the thread would wait for, as in every message and dump: {@code task "load"}
     * @return the answer; null counts as {@link Answer#ALLOW}
     */
    Answer mayBlock(String awaited);

    /** What happens to a wait. The later answer is the stricter one. */
    enum Answer {
        /** The thread waits. */
        ALLOW,
        /** The engine logs a warning with the stack, once for each place in the code, and the thread waits. */
        WARN,
        /** The wait throws a {@link BlockingRefusedException}. */
        REFUSE
    }
}
