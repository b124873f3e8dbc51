package io.github.coro4j.interop.kotlin

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.interop.testing.Gate
import io.github.coro4j.interop.testing.NothingLeaks
import io.github.coro4j.interop.testing.PlainThread
import io.github.coro4j.interop.testing.Rule
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.extension.RegisterExtension

/** A child may wait for the stream of its gather while another thread adds the next child. */
@Timeout(60)
@Rule(25)
class StreamStillFilledTest {
    @RegisterExtension val leaks = NothingLeaks()

    @Test
    fun childWaitsForAStreamThatIsAboutToGetAnother() {
        val work = Gate()
        val reporting = Gate()
        val asking = CompletableFuture<Thread>()
        val stream = CompletableFuture<Iterable<Future<String>>>()
        leaks.open("shop").use { scope ->
            val quick =
                scope.start(
                    Callable {
                        work.pass()
                        "quick"
                    }
                )
            // kotlinx calls this after the end of the task, and before the gather hears of it.
            quick.asDeferred().invokeOnCompletion { reporting.passUninterruptibly() }
            val slow =
                scope.start(
                    Callable {
                        val all = stream.join()
                        reporting.awaitReached()
                        asking.complete(Thread.currentThread())
                        all.iterator().next().join()
                    }
                )
            stream.complete(Gather.of(quick, slow).asCompleted())
            work.open()
            PlainThread.awaitBlocked(asking.join())
            reporting.open()
            assertEquals("quick", slow.join())
        }
    }
}
