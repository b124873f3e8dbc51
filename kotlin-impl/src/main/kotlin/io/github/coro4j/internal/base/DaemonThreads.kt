package io.github.coro4j.internal.base

import io.github.coro4j.spi.EngineOptions
import java.lang.reflect.Constructor
import java.lang.reflect.InvocationTargetException
import java.security.PrivilegedAction
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.FutureTask
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * Creates all threads of the engine. Each is a daemon of normal priority in the topmost thread
 * group, with the class loader of the library. It inherits neither inheritable thread-locals nor an
 * access-control context, which would keep the classes on the first caller's stack alive (R34).
 */
internal object DaemonThreads {
    /** Nanoseconds that an idle thread of the engine waits before it ends. */
    val lingerNanos: Long =
        EngineOptions.chosen().idleTime()?.let { nanosOf(it, "idleTime") { "" } } ?: 5_000_000_000L

    private val loader: ClassLoader? = DaemonThreads::class.java.classLoader

    private val group: ThreadGroup = inOwnContext {
        generateSequence(Thread.currentThread().threadGroup) { it.parent }.last()
    }

    /**
     * The constructor without inheritance, found by reflection because Android has it only from API
     * 33 on. Before that, a new thread always inherits the inheritable thread-locals of its
     * creator. `OwnThreadsTest` breaks when the constructor changes.
     */
    private val withoutThreadLocals: Constructor<Thread>? =
        try {
            Thread::class
                .java
                .getConstructor(
                    ThreadGroup::class.java,
                    Runnable::class.java,
                    String::class.java,
                    Long::class.javaPrimitiveType,
                    Boolean::class.javaPrimitiveType,
                )
        } catch (e: NoSuchMethodException) {
            null
        }

    /** Returns a new thread, not started. */
    fun newThread(name: String, work: Runnable): Thread =
        unprepared(name) {
            ThreadStarts.prepare()
            work.run()
        }

    /** Returns a new thread that calls no [ThreadStarts], because they may wait for this thread. */
    private fun unprepared(name: String, work: Runnable): Thread = inOwnContext {
        bare(name, work).apply {
            isDaemon = true
            priority = Thread.NORM_PRIORITY
            contextClassLoader = loader
        }
    }

    private fun bare(name: String, work: Runnable): Thread =
        try {
            withoutThreadLocals?.newInstance(group, work, name, 0L, false)
                ?: Thread(group, work, name)
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }

    /** Starts a new thread. Throws an `OutOfMemoryError` if the JVM has no thread left. */
    fun start(name: String, work: Runnable): Thread = newThread(name, work).apply { start() }

    /** Runs [code] so that the threads it creates get only the library's access-control context. */
    // The JDK will remove it together with these contexts. An import would warn too.
    @Suppress("DEPRECATION")
    private fun <T> inOwnContext(code: () -> T): T =
        try {
            java.security.AccessController.doPrivileged(PrivilegedAction { code() })
        } catch (e: LinkageError) {
            code()
        }

    private val maker =
        ThreadPoolExecutor(1, 1, lingerNanos, TimeUnit.NANOSECONDS, LinkedBlockingQueue()) {
                unprepared("coro4j-maker", it)
            }
            .apply { allowCoreThreadTimeOut(true) }

    /**
     * Calls [make] on a thread of the engine and returns its result. Up to JDK 18, a
     * `ForkJoinWorkerThread` always inherits from its creator, so a thread with nothing to inherit
     * must create it.
     */
    fun <T : Thread> made(make: () -> T): T {
        val making = FutureTask(make)
        maker.execute(making)
        var interrupted = false
        try {
            while (true) {
                try {
                    return making.get()
                } catch (e: InterruptedException) {
                    interrupted = true
                } catch (e: ExecutionException) {
                    throw e.cause ?: e
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt()
        }
    }

    /** Sets the properties that a thread of a `ForkJoinPool` does not get from [newThread]. */
    fun prepare(thread: Thread, name: String) {
        thread.name = name
        thread.priority = Thread.NORM_PRIORITY
        thread.contextClassLoader = loader
    }

    /**
     * Returns an executor that starts a virtual thread for each body. It uses reflection, because
     * the class files are for Java 17, which lacks these methods. `DefaultExecutorTest` breaks when
     * they change.
     */
    fun virtual(): Executor {
        val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
        val inheriting =
            Class.forName("java.lang.Thread\$Builder\$OfVirtual")
                .getMethod("inheritInheritableThreadLocals", Boolean::class.javaPrimitiveType)
        val factory =
            Class.forName("java.lang.Thread\$Builder")
                .getMethod("factory")
                .invoke(inheriting.invoke(builder, false)) as ThreadFactory
        val ours = ThreadFactory { work ->
            // Otherwise the thread would have the system class loader.
            factory.newThread(work).apply { contextClassLoader = loader }
        }
        return Executors::class
            .java
            .getMethod("newThreadPerTaskExecutor", ThreadFactory::class.java)
            .invoke(null, ours) as Executor
    }
}
