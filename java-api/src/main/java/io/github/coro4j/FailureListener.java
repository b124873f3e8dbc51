package io.github.coro4j;

/**
 * Receives reports of failures that would otherwise vanish. Pass a listener to
 * {@link TaskScope.Builder#failureListener} or {@link EngineSettings#failureListener}. The default one logs each report with {@code java.util.logging}, at level
 * {@code SEVERE}, to the logger {@code io.github.coro4j}.
 *
 * <p><b>Unread failures.</b> A failure that is still unread when its future becomes unreachable, or when its scope
 * closes, is reported once. The failure of a {@code launch} is reported at once, unless a thread or coroutine waits for
 * the task, it has a callback, or a group or derived future depends on it. A wait for the scope does not count. Unread
 * failures of the {@linkplain TaskScope#global() global} scope are also reported when the JVM exits; then they are
 * printed to {@link System#err}, because {@code java.util.logging} shuts down at the same time. Each of the following
 * <em>reads</em> a failure:
 *
 * <ul>
 * <li>{@link Future#get()}, {@link Future#join()}, {@link Future#result()}, {@link Future#outcome()},
 * {@link Future#exception()}, {@link Future#joinOutcome()} and {@link Future#cancelAndJoin};
 * <li>on JDK 19 and later, the JDK's own {@code state()}, {@code resultNow()} and {@code exceptionNow()};
 * <li>a view ({@link Future#toCompletableFuture()}) that ends with the failure;
 * <li>a callback of {@link Future#onFailure}, when it runs;
 * <li>a derived future or a group that passes the failure on.
 * </ul>
 *
 * <p>A callback of {@link Future#addDoneCallback} reads a failure only by one of these calls. {@link Future#isDone()}
 * and {@code toString()} do not read it. {@link FailureReport.Kind} lists what else is reported.
 *
 * <p><b>Threads.</b> The thread that finds the failure calls the listener. It may be the thread of a callback, the
 * thread that closes the scope, or a thread of the engine. Several threads may call a listener at once. It must not
 * block. If it throws, both failures are logged and nothing else is affected.
 *
 * <p><b>Context.</b> The {@link ContextPropagator}s of the scope install the context of the work that failed around the
 * call, so that a log line has the trace and the request of that work:
 *
 * <pre>{@code
 * ThreadLocal<String> request = new ThreadLocal<>();
 * TaskScope.Builder builder = TaskScope.builder()
 *     .contextPropagator(ContextPropagator.of(request))
 *     .failureListener(report -> log(request.get() + ": " + report.message()));
 * }</pre>
 *
 * <p>{@link ContextPropagator} says which context a report has. Nothing is installed if no propagator has captured for
 * that work, or when the JVM exits.
 */
@FunctionalInterface
public interface FailureListener {

    /**
     * Receives the report of a failure that would otherwise vanish.
     *
     * @param report what failed
     */
    void onFailure(FailureReport report);
}
