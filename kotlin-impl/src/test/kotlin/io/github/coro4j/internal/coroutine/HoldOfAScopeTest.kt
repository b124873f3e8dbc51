package io.github.coro4j.internal.coroutine

import io.github.coro4j.Gather
import io.github.coro4j.Promise
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.internal.job.Droppable
import io.github.coro4j.internal.job.JobHandle
import io.github.coro4j.internal.scope.ScopeImpl
import java.lang.ref.Reference
import java.util.concurrent.Callable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

class HoldOfAScopeTest {
    /**
     * The look whether the scope is empty may find its last gather unreachable. Then the scope
     * becomes empty on the same thread, which looks again inside the first look. The thread that
     * watches for unreachable gathers may come first, so this takes some rounds.
     */
    @Test
    @Timeout(60)
    fun scopeThatBecomesEmptyDuringALook_releasesTheJobOnce() {
        repeat(ROUNDS) {
            val job = Job()
            val scope = CoroutineScope(job).asTaskScope("scope") as ScopeImpl
            val promise = Promise.create<Int>()
            val gather = scope.start(Callable { Gather.of(promise).all() }).join() as JobHandle<*>
            scope.contents.holdOpen()
            // As the garbage collector does once the gather is unreachable.
            ((gather.job as Droppable).place as Reference<*>).enqueue()
            scope.contents.release()
            // The other thread may be about to release the job.
            runBlocking { job.children.toList().joinAll() }
            scope.close()
            promise.complete(1)
        }
    }

    private companion object {
        const val ROUNDS = 200
    }
}
