package io.github.coro4j.internal.base

/** Tells whether the JVM exits. */
internal object Exit {
    /** A thread that is never started. Guarded by this object. */
    private val probe = DaemonThreads.newThread("coro4j-exit-probe") {}

    /**
     * Returns whether the shutdown hooks of the JVM have begun. There is no method that tells it,
     * but from then on the JVM takes no further hook.
     */
    @Synchronized
    fun isUnderWay(): Boolean =
        try {
            Runtime.getRuntime().addShutdownHook(probe)
            Runtime.getRuntime().removeShutdownHook(probe)
            false
        } catch (e: IllegalStateException) {
            true
        } catch (e: RuntimeException) {
            false // a security manager of the user forbids hooks
        }
}
