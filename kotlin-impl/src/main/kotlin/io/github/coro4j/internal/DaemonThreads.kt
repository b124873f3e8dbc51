package io.github.coro4j.internal

import java.lang.reflect.Constructor
import java.lang.reflect.InvocationTargetException
import java.security.AccessController
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
 * Makes all threads of the engine. Each is a daemon of normal priority in the topmost thread group,
 * with the class loader of the library. None inherits anything from the thread that needs it first:
 * no inheritable thread-local, and no access-control context, which would keep the classes on that
 * thread's stack (R34).
 */
internal object DaemonThreads {
    /** How long a thread of the engine stays when there is nothing to do. */
    const val LINGER_SECONDS = 5L

    private val loader: ClassLoader? = DaemonThreads::class.java.classLoader

    private val group: ThreadGroup = inOwnContext {
        generateSequence(Thread.currentThread().threadGroup) { it.parent }.last()
    }

    /**
     * By reflection, because Android has it from API 33 on only. Before that a new thread inherits
     * the inheritable thread-locals of its maker, and nothing can prevent it. `OwnThreadsTest`
     * breaks when the constructor changes.
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

    fun newThread(name: String, work: Runnable): Thread = inOwnContext {
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

    /** Throws an `OutOfMemoryError` if no thread is to be had. */
    fun start(name: String, work: Runnable): Thread = newThread(name, work).apply { start() }

    /** The access-control context of what [code] makes is that of the library alone. */
    @Suppress("DEPRECATION") // The JDK will remove it together with these contexts.
    private fun <T> inOwnContext(code: () -> T): T =
        try {
            AccessController.doPrivileged(PrivilegedAction { code() })
        } catch (e: LinkageError) {
            code()
        }

    private val maker =
        ThreadPoolExecutor(1, 1, LINGER_SECONDS, TimeUnit.SECONDS, LinkedBlockingQueue()) {
                newThread("coro4j-maker", it)
            }
            .apply { allowCoreThreadTimeOut(true) }

    /**
     * Returns what [make] makes, on a thread of the engine. A `ForkJoinWorkerThread` inherits from
     * its maker, and up to JDK 18 no constructor can prevent it: so its maker has nothing.
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

    /** What a thread of a `ForkJoinPool` gets from this place. */
    fun prepare(thread: Thread, name: String) {
        thread.name = name
        thread.priority = Thread.NORM_PRIORITY
        thread.contextClassLoader = loader
    }

    /**
     * One virtual thread for each body. By reflection, because the class files are for Java 17,
     * which has no such methods; `DefaultExecutorTest` looks at the threads that bodies get.
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
            // Without this it is the system's class loader.
            factory.newThread(work).apply { contextClassLoader = loader }
        }
        return Executors::class
            .java
            .getMethod("newThreadPerTaskExecutor", ThreadFactory::class.java)
            .invoke(null, ours) as Executor
    }
}
