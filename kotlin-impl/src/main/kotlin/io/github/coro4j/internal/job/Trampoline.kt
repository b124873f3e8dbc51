package io.github.coro4j.internal.job

/**
 * Runs the steps of one thread one after another, not nested. So the end of a future, or a cancel,
 * passes along a chain of any length without growing the stack. Only that thread uses it.
 *
 * It is a superclass of [ThreadState], because an object of its own would cost each body on a
 * virtual thread an allocation.
 */
internal abstract class Trampoline : PartStack() {
    /** The deferred steps; [NONE_YET] if there are none, or null if no step is on this stack. */
    private var steps: ArrayDeque<() -> Unit>? = null

    /**
     * Runs [step], or defers it until the current step of this thread has ended. All steps have run
     * when the outermost call returns. A step runs no user code, except that an executor may run a
     * body on the spot; see [suspendWhile].
     */
    fun runOrDefer(step: () -> Unit) {
        val deferred = steps
        if (deferred != null) {
            val queue = if (deferred !== NONE_YET) deferred else ArrayDeque()
            steps = queue
            queue.addLast(step)
            return
        }
        steps = NONE_YET
        var error: Throwable? = null
        var next: (() -> Unit)? = step
        while (next != null) {
            try {
                next()
            } catch (e: Throwable) {
                // An error of the JVM. The deferred steps must still run.
                if (error == null) error = e
            }
            next = steps!!.removeFirstOrNull()
        }
        steps = null
        if (error != null) throw error
    }

    /**
     * Runs or defers [step], which passes the end of a job of [scope] on to a derived job that the
     * scope does not list. The scope does not close while the step is deferred (R23).
     */
    fun runOrDefer(scope: JobScope, step: () -> Unit) {
        if (steps == null) return runOrDefer(step)
        scope.holdOpen()
        runOrDefer {
            try {
                step()
            } finally {
                scope.release()
            }
        }
    }

    /**
     * Runs user code. Steps that are still on this stack do not delay what the code waits for. Ends
     * the parts of coroutines that the code has left open.
     */
    inline fun <R> suspendWhile(code: () -> R): R {
        val outer = suspendSteps()
        try {
            return endingParts(code)
        } finally {
            resumeSteps(outer)
        }
    }

    /** Makes the next step run at once. Returns what the caller must pass to [resumeSteps]. */
    fun suspendSteps(): Any? = steps.also { steps = null }

    fun resumeSteps(outer: Any?) {
        @Suppress("UNCHECKED_CAST")
        steps = outer as ArrayDeque<() -> Unit>?
    }

    private companion object {
        /** The empty queue, to which nothing is added. Most steps defer no other step. */
        val NONE_YET = ArrayDeque<() -> Unit>(0)
    }
}
