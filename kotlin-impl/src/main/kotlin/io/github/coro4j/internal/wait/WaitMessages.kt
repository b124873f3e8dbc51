package io.github.coro4j.internal.wait

import io.github.coro4j.WaitInterruptedException
import io.github.coro4j.internal.base.interruptSelf
import io.github.coro4j.internal.job.ThreadState

/** What a thread says about a wait that has ended too early. */
internal object WaitMessages {
    fun waiter(): String =
        ThreadState.orNull()?.current?.toLabel() ?: "thread \"${Thread.currentThread().name}\""

    fun message(waitedFor: String, andThen: String = "which runs on"): String {
        val me = ThreadState.orNull()?.current
        val why =
            if (me != null && me.isCancelled)
                "was cancelled (${me.getCancellationException().message})"
            else "was interrupted"
        return "${waiter()} $why while it waited for $waitedFor, $andThen"
    }

    fun interrupted(
        waitedFor: String,
        andThen: String = "which runs on",
    ): WaitInterruptedException {
        val name = ThreadState.orNull()?.current?.name() ?: Thread.currentThread().name
        // After an interrupt the flag is already set. For a task that was only cancelled, set it
        // here (R9). In a coroutine it stays set for the rest of the part.
        val state = ThreadState.orNull()
        if (state?.current != null && !Thread.currentThread().isInterrupted) state.flagIsOurs = true
        interruptSelf()
        return WaitInterruptedException(name, message(waitedFor, andThen))
    }
}

/** Something whose wait is worth a warning once it has taken [slowNanos]. */
internal interface SlowWait {
    val slowNanos: Long

    /** Called on the thread that waits, or on another one. */
    fun waitIsSlow()
}
