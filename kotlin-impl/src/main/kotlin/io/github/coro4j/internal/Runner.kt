package io.github.coro4j.internal

/**
 * What a thread does for us now: the body on top of its stack, and what that body waits for. One
 * per thread, reused from body to body; others read it to interrupt the thread and to find circles.
 */
internal class Runner(@JvmField val thread: Thread) {
    /** For messages; virtual threads have no name of their own. */
    val threadName: String
        get() = thread.name.ifEmpty { "virtual thread ${thread.id}" }

    /** The innermost body. Written by this thread alone. */
    @Volatile @JvmField var current: BodyJob<*>? = null

    /** What [current] is blocked on. Written by this thread alone. */
    @Volatile @JvmField var waitingFor: FutureJob<*>? = null

    /** When [current] began, by `System.nanoTime()`; for messages. */
    @Volatile @JvmField var since = 0L

    /** How many bodies have begun here; the pool's watch sees progress by it. */
    @Volatile @JvmField var begun = 0

    /** How many bodies on this stack are run by a waiter. This thread alone. */
    @JvmField var helpDepth = 0

    /** The scope whose callback runs here. This thread alone. */
    @JvmField var callbackOf: ScopeImpl? = null

    /** Bodies below [current] on this stack. This thread alone. */
    private var below: ArrayList<BodyJob<*>>? = null

    /** A body begins. Returns what must be given to [leave]. */
    fun enter(job: BodyJob<*>): BodyJob<*>? {
        val outer = push()
        since = System.nanoTime()
        @Suppress("NonAtomicOperationOnVolatileField") // one writer
        begun += 1
        current = job
        return outer
    }

    /**
     * A callback begins: inside it there is no current task. Returns what must be given to [leave].
     */
    fun enterCallback(scope: ScopeImpl): BodyJob<*>? {
        val outer = push()
        callbackOf = scope
        current = null
        return outer
    }

    private fun push(): BodyJob<*>? {
        val outer = current
        if (outer != null) (below ?: ArrayList<BodyJob<*>>().also { below = it }).add(outer)
        return outer
    }

    fun leave(outer: BodyJob<*>?) {
        if (outer != null) below!!.let { it.removeAt(it.size - 1) }
        current = outer
    }

    /** The innermost body on this stack for which [test] holds. */
    fun anyBody(test: (BodyJob<*>) -> Boolean): BodyJob<*>? =
        current?.takeIf(test) ?: below?.lastOrNull(test)

    companion object {
        // Left behind on threads of executors that are not ours, so that the next body there finds
        // it: it is a few words, and
        // goes with the thread.
        private val LOCAL = ThreadLocal<Runner>()

        fun here(): Runner {
            val thread = Thread.currentThread()
            if (thread is PoolThread) return thread.runner
            return LOCAL.get() ?: Runner(thread).also(LOCAL::set)
        }

        fun orNull(): Runner? {
            val thread = Thread.currentThread()
            return if (thread is PoolThread) thread.runner else LOCAL.get()
        }
    }
}
