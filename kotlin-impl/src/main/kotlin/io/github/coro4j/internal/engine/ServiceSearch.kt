package io.github.coro4j.internal.engine

import io.github.coro4j.BlockingGuard
import io.github.coro4j.TaskListener
import io.github.coro4j.internal.base.DaemonThreads
import io.github.coro4j.internal.base.DefaultFailureListener
import io.github.coro4j.internal.base.awaitUninterruptibly
import io.github.coro4j.internal.context.ContextPropagators
import io.github.coro4j.internal.job.TaskListeners
import io.github.coro4j.internal.wait.BlockingGuards
import io.github.coro4j.spi.BuildInfo.seeError
import java.util.concurrent.CountDownLatch

/**
 * Looks up the services of the application, once. On Android it does so on its own thread, because
 * the lookup reads files, and the main thread must not. Elsewhere the first caller looks, because a
 * service may need a lock or a class initializer that this caller holds.
 */
internal class ServiceSearch(private val guard: BlockingGuard?) {
    class Found(
        val taskListeners: List<TaskListener>,
        val propagators: ContextPropagators?,
        val blockingGuard: BlockingGuard?,
    )

    private val over = CountDownLatch(1)

    /** Set once, before [over] is counted down. */
    @Volatile private var found: Found? = null

    /** The threads that look. Guarded by the lock of this object. */
    private val searchers = ArrayList<Thread>(1)

    init {
        if (isAndroid()) {
            try {
                val thread = DaemonThreads.newThread("coro4j-services", ::search)
                searchers.add(thread)
                thread.start()
            } catch (e: OutOfMemoryError) {
                searchers.clear() // the JVM has no thread left, so the first caller looks
            }
        }
    }

    private fun search() {
        try {
            publish(
                Found(
                    TaskListeners.find(),
                    ContextPropagators.find(),
                    guard ?: BlockingGuards.find(),
                )
            )
        } catch (e: Throwable) {
            DefaultFailureListener.serviceNotFound("service", e)
            publish(Found(emptyList(), null, guard))
        }
    }

    @Synchronized
    private fun publish(result: Found) {
        if (found == null) found = result
        over.countDown()
    }

    /**
     * Returns the services. Throws on a thread that looks for them, which would wait for itself.
     */
    fun await(): Found {
        found?.let {
            return it
        }
        if (becomeSearcher(isFirst = true)) search()
        // A service on the other thread may wait for a lock of this one. So this thread looks, too.
        else if (!over.awaitUninterruptibly(PATIENCE_NANOS) && becomeSearcher(isFirst = false))
            search()
        over.awaitUninterruptibly()
        return found!!
    }

    /** Returns whether the calling thread must look. */
    @Synchronized
    private fun becomeSearcher(isFirst: Boolean): Boolean {
        val me = Thread.currentThread()
        if (found == null && me in searchers)
            throw IllegalStateException(
                "Coro4j has not started yet: it is looking up the services of the application, and " +
                    "one of them uses it in its constructor, in isAvailable(), or when a thread " +
                    "starts. Use Coro4j in the other methods of the service only. " +
                    seeError("service-too-early")
            )
        if (isFirst && searchers.isNotEmpty()) return false
        searchers.add(me)
        return true
    }

    private companion object {
        const val PATIENCE_NANOS = 2_000_000_000L

        fun isAndroid(): Boolean =
            try {
                Class.forName("android.os.Build", false, ServiceSearch::class.java.classLoader)
                true
            } catch (e: ClassNotFoundException) {
                false
            } catch (e: LinkageError) {
                false
            }
    }
}
