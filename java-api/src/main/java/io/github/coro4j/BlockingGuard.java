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
 * <p>The engine asks before each wait that blocks the calling thread: {@code get}, {@code join}, {@code joinOutcome} and
 * {@code cancelAndJoin} of a future or of its views, {@code join} and {@code close} of a scope, {@link TaskScope#run} if
 * it must wait for tasks, a loop over {@code asCompleted} or over the items of a flow, {@code Suspend.runBlocking}, and
 * {@code invokeAll} and {@code invokeAny} of a scope's executor. It does not ask if there is nothing to wait for, or if
 * the time limit is zero. It asks on every thread, also inside bodies and callbacks.
 *
 * <p><b>Which guard is asked.</b> The one of the scope that is waited for, or that the awaited future lives in:
 * {@link TaskScope.Builder#blockingGuard}, which scopes opened inside inherit. A scope without one uses
 * {@link EngineSettings#blockingGuard}, or else all guards that {@link java.util.ServiceLoader} finds; then the strictest
 * answer counts.
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
