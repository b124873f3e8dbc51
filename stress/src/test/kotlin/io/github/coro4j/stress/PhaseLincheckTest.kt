package io.github.coro4j.stress

import java.util.concurrent.Callable
import kotlin.concurrent.thread
import org.jetbrains.lincheck.Lincheck
import org.junit.jupiter.api.Test

/** The handshake between the thread of a body and one that cancels it. */
class PhaseLincheckTest {
    @Test
    fun `a cancel meets the body before it, in it, or after it, and leaves no interrupt behind`() =
        Lincheck.runConcurrentTest(200) {
            var ran = false
            val byHand = ByHand(Callable { ran = true })
            var interrupted = false
            val worker = thread {
                byHand.run()
                interrupted = Thread.interrupted()
            }
            val cancelled = byHand.task.cancel("late")
            worker.join()
            check(!interrupted) { "the interrupt outlived the body" }
            check(byHand.task.isDone)
            check(cancelled == byHand.task.isCancelled)
            check(ran || cancelled) { "neither run nor cancelled" }
        }

    @Test
    fun `a body runs once, whoever runs it`() =
        Lincheck.runConcurrentTest(200) {
            var runs = 0
            val byHand = ByHand(Callable { ++runs })
            val worker = thread { byHand.run() }
            byHand.run()
            worker.join()
            check(runs == 1 && byHand.task.isDone) { "$runs runs, ${byHand.task}" }
        }
}
