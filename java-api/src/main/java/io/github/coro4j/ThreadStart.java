package io.github.coro4j;

/**
 * Prepares each new thread of the engine, for example with a priority of the platform.
 *
 * <pre>{@code
 * EngineSettings.create().threadStart(thread -> thread.setPriority(Thread.MIN_PRIORITY)).apply();
 * }</pre>
 *
 * <p>Pass it to {@link EngineSettings#threadStart}, or provide it as a service for {@link java.util.ServiceLoader}. All
 * that are found are called: first the services in the order in which they are found, then the one of the settings.
 *
 * <p>The new thread itself makes the call, before it does anything else. Threads of an executor that the application
 * gives to a scope are not the engine's. Neither are the virtual threads on which bodies run from JDK 24 on. If a call
 * throws, the first exception is logged, and the thread goes on. The constructor of a service must not use Coro4j.
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
