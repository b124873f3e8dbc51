package io.github.coro4j.internal.coroutine

import java.lang.reflect.Method
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainCoroutineDispatcher

/** Returns whether [dispatcher] runs coroutines on one thread, as far as its type tells. */
internal fun isConfined(dispatcher: ContinuationInterceptor?): Boolean =
    dispatcher is MainCoroutineDispatcher || EVENT_LOOP?.isInstance(dispatcher) == true

/**
 * Returns whether the dispatcher in this context runs coroutines on the calling thread alone: the
 * event loop of a `runBlocking` here, or the dispatcher of the main thread. A coroutine there
 * cannot end while this thread is blocked.
 */
internal fun CoroutineContext.isConfinedToThisThread(): Boolean {
    val own = this[ContinuationInterceptor] ?: return false
    val dispatcher = (own as? Guarded)?.guarded ?: own
    return when {
        dispatcher is MainCoroutineDispatcher -> isMainThread(dispatcher)
        EVENT_LOOP?.isInstance(dispatcher) == true -> dispatcher === EventLoops.ofThisThread()
        else -> false
    }
}

/**
 * Returns whether this thread is the one of [dispatcher]. A test may have set a dispatcher as
 * `Dispatchers.Main` that runs everything on the spot, and so has no thread.
 */
internal fun isMainThread(
    dispatcher: MainCoroutineDispatcher,
    registered: () -> MainCoroutineDispatcher = Dispatchers::Main,
): Boolean =
    try {
        val main =
            if (dispatcher.immediate !== dispatcher) dispatcher
            // The immediate variant does not know the other one.
            else registered().takeIf { it.immediate === dispatcher } ?: dispatcher
        main.isDispatchNeeded(EmptyCoroutineContext) &&
            !main.immediate.isDispatchNeeded(EmptyCoroutineContext)
    } catch (e: Throwable) {
        false // there is no main thread here, or the dispatcher is broken
    }

/**
 * The event loops of `runBlocking`. A look leaves an empty thread-local on the thread, so there is
 * one only after the first coroutine on an event loop or a main thread.
 */
internal object EventLoops {
    private const val THREAD_LOCAL = "kotlinx.coroutines.ThreadLocalEventLoop"

    /**
     * The method that returns the event loop of the calling thread. It is internal, and no public
     * function tells whose thread an event loop is. If it is not found, a wait on that thread for a
     * coroutine of the loop blocks for ever. `ConfinedThreadTest` fails if kotlinx.coroutines
     * renames it.
     */
    private val current: Method?
    private val owner: Any?

    init {
        var found: Method? = null
        var instance: Any? = null
        try {
            val type = Class.forName(THREAD_LOCAL)
            instance = type.getField("INSTANCE").get(null)
            found = type.getMethod("currentOrNull\$kotlinx_coroutines_core")
        } catch (e: ReflectiveOperationException) {
            // see [current]
        } catch (e: LinkageError) {
            // see [current]
        }
        current = found
        owner = instance
    }

    fun ofThisThread(): Any? = current?.invoke(owner)
}
