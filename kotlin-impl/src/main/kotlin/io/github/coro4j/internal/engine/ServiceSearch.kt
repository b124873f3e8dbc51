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
 * Looks up what the application provides as services, once. It does so on a thread of its own,
 * because it reads files, and the thread that uses the engine first may be one that must not.
 */
internal class ServiceSearch(private val guard: BlockingGuard?) {
    class Found(
        val taskListeners: List<TaskListener>,
        val propagators: ContextPropagators?,
        val blockingGuard: BlockingGuard?,
    )

    private val over = CountDownLatch(1)

    /** Written before [over] opens. */
    private var found = Found(emptyList(), null, guard)

    private val thread: Thread = DaemonThreads.newThread("coro4j-services", ::search)

    init {
        try {
            thread.start()
        } catch (e: OutOfMemoryError) {
            search() // the JVM has no thread left
        }
    }

    private fun search() {
        try {
            found =
                Found(
                    TaskListeners.find(),
                    ContextPropagators.find(),
                    guard ?: BlockingGuards.find(),
                )
        } catch (e: Throwable) {
            DefaultFailureListener.serviceNotFound("service", e)
        } finally {
            over.countDown()
        }
    }

    /** Waits for the end of the search. Throws on its own thread, where it could never end. */
    fun await(): Found {
        if (Thread.currentThread() === thread && over.count > 0)
            throw IllegalStateException(
                "Coro4j has not started yet: it is looking up the services of the application, and " +
                    "one of them uses it in its constructor or in isAvailable(). Use Coro4j in " +
                    "the other methods of the service only. ${seeError("service-too-early")}"
            )
        over.awaitUninterruptibly()
        return found
    }
}
