package io.github.coro4j.interop.jobs

import java.util.concurrent.ConcurrentSkipListSet
import java.util.concurrent.Semaphore
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.yield

/** Loads the users 1 and 2. All other calls suspend until they are cancelled. */
class HoldingUsers {
    private val calls = AtomicInteger()
    private val held = Semaphore(0)
    private val stopped = ConcurrentSkipListSet<Int>()

    suspend fun load(id: Int): String {
        calls.incrementAndGet()
        yield()
        if (id <= 2) return "user $id"
        try {
            held.release()
            awaitCancellation()
        } finally {
            stopped.add(id)
        }
    }

    fun calls(): Int = calls.get()

    /** Waits until this many calls are held. */
    fun awaitHeld(count: Int) = held.acquire(count)

    /** Returns the users whose calls were cancelled. */
    fun stopped(): List<Int> = stopped.toList()
}
