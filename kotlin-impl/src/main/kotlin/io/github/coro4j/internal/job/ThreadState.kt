package io.github.coro4j.internal.job

import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater
import java.util.concurrent.atomic.AtomicLongFieldUpdater
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater
import kotlinx.coroutines.Job

/**
 * What a thread does for the engine: the body on top of its stack, and what that body waits for.
 * Other threads read it to interrupt the thread and to find circles. A thread of the pool always
 * has one, any other thread only while it runs code of the engine; see [ThreadStates].
 */
internal class ThreadState(@JvmField val thread: Thread) : Trampoline() {
    /** Name for messages. Virtual threads have no name of their own. */
    val threadName: String
        get() = (plainName ?: thread.name).trim().ifEmpty { "virtual thread ${thread.id}" }

    /** The thread in a sentence. */
    val threadLabel: String
        get() = if ((plainName ?: thread.name).isBlank()) threadName else "thread $threadName"

    /** The name of the thread while it shows the name of a task too; see [showName]. */
    @Volatile @JvmField var plainName: String? = null

    /** The innermost body. Written by this thread alone. */
    @Volatile @JvmField var current: UserCodeJob<*>? = null

    /** The thing that [current] is blocked on. Written by this thread alone. */
    @Volatile @JvmField var waitingFor: Awaitable? = null

    /** The thing that [current] waits for with a limit, for dumps. Written by this thread alone. */
    @Volatile @JvmField var waitingInTime: Awaitable? = null

    /** True if a cancel of [current] does not end the wait. Written by this thread alone. */
    @Volatile @JvmField var mustWait = false

    /** Begin of [current], by the time of its scope, for messages. */
    @Volatile @JvmField var since = 0L

    /** Number of bodies and callbacks that have begun here. It shows the pool's watch progress. */
    @Volatile @JvmField var begun = 0

    /**
     * The group whose member ends this thread counts in [batchedEnds], and reports together; see
     * [WorkerSource]. This thread alone.
     */
    @JvmField var batchedFor: Any? = null
    @JvmField var batchedEnds = 0

    /** The next thread state in the bucket of [ThreadStates]. */
    @Volatile @JvmField internal var nextInBucket: ThreadState? = null

    private var reference: WeakReference<ThreadState>? = null

    /** Returns the weak reference that [ThreadStates] holds, always the same. This thread alone. */
    fun weakly() = reference ?: WeakReference(this).also { reference = it }

    /** True if the thread belongs to the engine, so no user owns its flag. This thread alone. */
    @JvmField var isOfTheEngine = thread is EngineThread

    /** The body whose `Task.nonCancellable` runs on this stack, or null. This thread alone. */
    @JvmField var uncancellable: UserCodeJob<*>? = null

    /**
     * True if [current] is inside `Task.nonCancellable`, so that a cancel ends none of its waits.
     */
    val isUncancellable: Boolean
        get() = uncancellable.let { it != null && it === current }

    /** Number of bodies on this stack that a waiter runs. This thread alone. */
    @JvmField var helpDepth = 0

    /**
     * True if the engine has set the interrupt flag, for a body that was cancelled while it waited.
     * This thread alone.
     */
    @JvmField var flagIsOurs = false

    /** The coroutine whose part is the innermost here, or null. This thread alone. */
    @JvmField var coroutine: Job? = null

    /** The part that this thread is handing to a guarded dispatcher. This thread alone. */
    @JvmField var dispatching: QueuedPart? = null
    @JvmField var undispatchable: Undispatchable? = null

    /** The scope whose callback runs here. This thread alone. */
    @JvmField var callbackOf: JobScope? = null

    /** True if the callback of [callbackOf] is a task listener, for messages. */
    @JvmField var callbackIsListener = false

    /** The cancel hook that runs here, or null. This thread alone. */
    @JvmField var hook: Awaitable? = null

    /** Returns the innermost body, or a text for a callback, or null. This thread alone. */
    fun codeHere(): String? =
        current?.toLabel() ?: callbackOf?.let { "a callback of ${it.toLabel()}" }

    /** True if a body or a callback is on this stack. This thread alone. */
    val isAtWork: Boolean
        get() = current != null || callbackOf != null

    /** Bodies below [current] on this stack. This thread alone. */
    private var below: ArrayList<UserCodeJob<*>>? = null

    /** Notes that a body begins. Returns what the caller must pass to [leave]. */
    fun enter(job: UserCodeJob<*>): UserCodeJob<*>? {
        val outer = push()
        SINCE.lazySet(this, job.scope.time.coarseNanos())
        noteBegin()
        CURRENT.lazySet(this, job)
        return outer
    }

    /** Notes that a body or a callback begins, for the watch of the pool. */
    fun noteBegin() = BEGUN.lazySet(this, begun + 1)

    /**
     * Notes that a callback begins, in which there is no current task. Returns what the caller must
     * pass to [leave].
     */
    fun enterCallback(scope: JobScope): UserCodeJob<*>? {
        val outer = push()
        callbackOf = scope
        callbackIsListener = false
        current = null
        return outer
    }

    private fun push(): UserCodeJob<*>? {
        val outer = current
        if (outer != null) (below ?: ArrayList<UserCodeJob<*>>().also { below = it }).add(outer)
        return outer
    }

    fun leave(outer: UserCodeJob<*>?) {
        if (outer != null) below!!.let { it.removeAt(it.size - 1) }
        CURRENT.lazySet(this, outer)
    }

    /** Number of bodies below [current]. */
    val depth: Int
        get() = below?.size ?: 0

    /** Returns to [outer] at this [depth], whatever was entered above it since. */
    fun leaveTo(outer: UserCodeJob<*>?, depth: Int) {
        below?.let { while (it.size > depth) it.removeAt(it.size - 1) }
        CURRENT.lazySet(this, outer)
    }

    /** Returns the innermost body on this stack for which [test] holds. */
    fun anyBody(test: (UserCodeJob<*>) -> Boolean): UserCodeJob<*>? =
        current?.takeIf(test) ?: below?.lastOrNull(test)

    companion object {
        // Only this thread writes, and no reader must see a write at once. A thread looks for a
        // circle only after a wait was published, by a full write to `waitingFor`.
        private val CURRENT =
            AtomicReferenceFieldUpdater.newUpdater(
                ThreadState::class.java,
                UserCodeJob::class.java,
                "current",
            )
        private val SINCE = AtomicLongFieldUpdater.newUpdater(ThreadState::class.java, "since")
        private val BEGUN = AtomicIntegerFieldUpdater.newUpdater(ThreadState::class.java, "begun")

        fun orNull(): ThreadState? {
            val thread = Thread.currentThread()
            return if (thread is EngineThread) thread.threadState else ThreadStates.find(thread)
        }

        /**
         * Calls [code] with the state of this thread. If the thread has none, this makes one and
         * removes it when the call ends. Code further up the stack finds the same state.
         */
        inline fun <R> use(code: (ThreadState) -> R): R {
            val found = orNull()
            val state = found ?: ThreadStates.add(Thread.currentThread())
            try {
                return code(state)
            } finally {
                if (found == null) ThreadStates.remove(state)
            }
        }

        /** Calls [Trampoline.runOrDefer] of the current thread. */
        fun runOrDefer(step: () -> Unit) = use { it.runOrDefer(step) }

        /** Calls [Trampoline.runOrDefer] of the current thread. */
        fun runOrDefer(scope: JobScope, step: () -> Unit) = use { it.runOrDefer(scope, step) }
    }
}
