package io.github.coro4j;

/**
 * Prepares each new thread of the engine, for example with a priority of the platform.
 *
 * <pre>{@code
 * EngineSettings.create().threadStart(thread -> thread.setPriority(Thread.MIN_PRIORITY)).apply();
 * }</pre>
 *
 * <p>Pass it to {@link EngineSettings#threadStart}, or provide it as a service for {@link java.util.ServiceLoader}. All
 * are called: first the services, in the order in which {@code ServiceLoader} finds them, then the one of the settings. So
 * the settings win.
 *
 * <p>The new thread itself makes the call, before it does anything else. The engine does not call it on threads of the
 * application's executors, on the virtual threads that run bodies from JDK 24 on, or on a thread that only creates
 * others. If a call throws, the engine logs the first exception, and the thread continues. Neither the constructor nor
 * {@link #onStart} may use Coro4j: the engine may wait for this thread.
 */
@FunctionalInterface
public interface ThreadStart {

    /**
     * Prepares the calling thread. It must not block.
     *
     * @param thread the calling thread, which is a daemon of normal priority
     */
    void onStart(Thread thread);
}
