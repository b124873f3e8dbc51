package io.github.coro4j.internal.base

/**
 * A shutdown hook that is registered only while it [isNeeded], because it keeps the application
 * alive (R34).
 */
internal class ExitHook(
    private val threadName: String,
    private val isNeeded: () -> Boolean,
    private val action: () -> Unit,
) {
    @Volatile private var hook: Thread? = null

    /** Registers the hook, because it is needed from now on. */
    fun add() {
        if (hook == null) register()
    }

    @Synchronized
    private fun register() {
        if (hook != null) return
        val made = DaemonThreads.newThread(threadName, action)
        try {
            Runtime.getRuntime().addShutdownHook(made)
            hook = made
        } catch (e: RuntimeException) {
            // The JVM exits already, or a security manager of the user forbids hooks.
        }
    }

    /** Removes the hook if it is not needed. */
    @Synchronized
    fun remove() {
        val registered = hook ?: return
        hook = null
        // publish, then re-check: pairs with ExitHook.add, whose caller needs the hook before
        if (isNeeded()) {
            hook = registered
            return
        }
        try {
            Runtime.getRuntime().removeShutdownHook(registered)
        } catch (e: RuntimeException) {
            // The JVM exits, and runs the hook.
        }
    }
}
