package io.github.coro4j.internal.coroutine

import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.resume

/**
 * Suspends until the step that [register] gets is called. The rest then runs at once, on the thread
 * that calls it, and without the context of the coroutine. So the rest must be code of the engine.
 * If [register] returns false, this does not suspend, and the step must not be called.
 *
 * A wait of kotlinx.coroutines ends when the coroutine is cancelled, and needs a thread of its
 * dispatcher to go on.
 */
internal suspend fun awaitStep(register: (next: () -> Unit) -> Boolean): Unit =
    suspendCoroutineUninterceptedOrReturn { coroutine ->
        val step = Step(coroutine)
        if (register(step::take)) step.suspended() else Unit
    }

/** Resumes [coroutine] once it is suspended. */
private class Step(private val coroutine: Continuation<Unit>) {
    /** True once the coroutine is about to suspend, or the step was taken before. */
    private val isDecided = AtomicBoolean()

    fun take() {
        if (!isDecided.compareAndSet(false, true)) coroutine.resume(Unit)
    }

    fun suspended(): Any = if (isDecided.compareAndSet(false, true)) COROUTINE_SUSPENDED else Unit
}
