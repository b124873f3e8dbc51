package io.github.coro4j.internal.job

import io.github.coro4j.FailureReport
import io.github.coro4j.Registration
import io.github.coro4j.ThrowingRunnable
import io.github.coro4j.spi.Turns
import java.util.concurrent.CopyOnWriteArrayList

/**
 * The hooks of `Task.onCancel` in the body of [job]. A cancel that takes the work of the body runs
 * each of them once, as a duty. The cancelled job ends after them; see [StartedWork].
 *
 * This object is its own lock. No user code runs under it.
 */
internal class CancelHooks(private val job: UserCodeJob<*>, private val work: StartedWork) {
    /** The hooks that have not begun. */
    private val waiting = LinkedHashSet<Hook>()

    /** The hooks that were handed over and have not returned. */
    private val underWay = CopyOnWriteArrayList<Hook>()

    /** True once a hook is about to run. */
    @Volatile
    var hasBegun = false
        private set

    fun add(hook: ThrowingRunnable, captured: Any?): Registration {
        val added = Hook(hook, captured)
        synchronized(this) { waiting.add(added) }
        // publish, then re-check: pairs with UserCodeJob.deliver
        if (job.hasTakenWork) runAll()
        return added
    }

    /** Hands the hooks over to the duties of the engine. */
    fun runAll() {
        while (true) {
            val hook = synchronized(this) { takeNext() } ?: return
            // An executor that gives turns runs nothing beside them.
            val executor = job.scope.executor.takeIf { it is Turns } ?: job.scope.engine.duties
            job.scope.executeHoldingOpen(executor) { hook.run() }
        }
    }

    private fun takeNext(): Hook? {
        val next = waiting.firstOrNull() ?: return null
        waiting.remove(next)
        hasBegun = true
        next.isHandedOver = true
        underWay.add(next)
        // Count the hook in the same step, so that the job never ends between.
        work.expect()
        return next
    }

    /** Visits the hooks that the job waits for. */
    fun dependencies(visit: (Awaitable) -> Unit) = underWay.forEach(visit)

    private inner class Hook(private val hook: ThrowingRunnable, private val captured: Any?) :
        Registration, Awaitable {
        private val waiters = WaitQueue()

        /** True once no call can remove the hook. Guarded by the hooks. */
        @Volatile var isHandedOver = false

        /** The thread that runs the hook. */
        @Volatile private var threadState: ThreadState? = null

        @Volatile
        override var isOver = false
            private set

        fun run() = ThreadState.use { state ->
            val outer = state.hook
            state.hook = this
            threadState = state
            try {
                asCallbackOf(job.scope, ::callInContext)
            } catch (e: Throwable) {
                val context = FailureContext.of(job.scope.propagators, captured)
                job.scope.report(FailureReport.Kind.CANCEL_HOOK_FAILED, job, e, context)
            } finally {
                threadState = null
                state.hook = outer
                isOver = true
                underWay.remove(this)
                waiters.wakeAll()
                work.expectedEnded()
            }
        }

        private fun callInContext() {
            val propagators = job.scope.propagators
            if (captured == null || propagators == null) hook.run()
            else propagators.aroundCallback(captured, job) { hook.run() }
        }

        override fun remove(): Boolean = synchronized(this@CancelHooks) { waiting.remove(this) }

        override fun close() {
            if (remove() || !isHandedOver || isOver) return
            // The hook itself cannot wait for its end.
            if (threadState?.thread !== Thread.currentThread())
                job.scope.engine.awaitUninterruptibly(this)
        }

        // ---- Awaitable

        override val kind: String
            get() = "cancel hook of ${job.kind}"

        override fun name(): String = job.name()

        override fun toLabel(): String = "a cancel hook of ${job.toLabel()}"

        override fun subscribe(waiter: Waiter) = waiters.subscribe(waiter)

        override fun unsubscribe(waiter: Waiter) {
            waiters.remove(waiter)
        }

        override fun dependencies(visit: (Awaitable) -> Unit) {
            val state = threadState ?: return
            val target = state.current ?: state.waitingFor
            // A hook runs once. If it is on that thread now, it was there when the wait was read.
            if (target != null && threadState === state) visit(target)
        }
    }
}
