package io.github.coro4j.internal.coroutine

import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Which dispatchers have the calling thread as their only one. */
class MainThreadTest {
    private class Main(private val isHere: Boolean) : MainCoroutineDispatcher() {
        override val immediate = Immediate(isHere)

        override fun dispatch(context: CoroutineContext, block: Runnable) = Unit
    }

    private class Immediate(private val isHere: Boolean) : MainCoroutineDispatcher() {
        override val immediate
            get() = this

        override fun isDispatchNeeded(context: CoroutineContext) = !isHere

        override fun dispatch(context: CoroutineContext, block: Runnable) = Unit
    }

    @Test
    fun dispatcherOfTheMainThread_isRecognisedThereAlone() {
        assertTrue(isMainThread(Main(isHere = true)))
        assertFalse(isMainThread(Main(isHere = false)))
    }

    @Test
    fun immediateVariantOfTheRegisteredOne_isRecognisedToo() {
        val here = Main(isHere = true)
        assertTrue(isMainThread(here.immediate) { here })
        val elsewhere = Main(isHere = false)
        assertFalse(isMainThread(elsewhere.immediate) { elsewhere })
    }

    // As `Dispatchers.setMain(UnconfinedTestDispatcher())` makes it.
    @Test
    fun dispatcherThatRunsEverythingOnTheSpot_hasNoThread() {
        val unconfined = Immediate(isHere = true)
        assertFalse(isMainThread(unconfined) { unconfined })
        assertFalse(isMainThread(unconfined) { Main(isHere = true) })
    }
}
