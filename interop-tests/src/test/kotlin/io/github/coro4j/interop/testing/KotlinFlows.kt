package io.github.coro4j.interop.testing

import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** Flows of a team that writes Kotlin. */
class KotlinFlows {
    val made = AtomicInteger()
    val ended = CopyOnWriteArrayList<String>()

    /** Emits the given number of lines, and then perhaps fails. */
    fun lines(count: Int, failure: Throwable? = null): Flow<String> = flow {
        try {
            repeat(count) {
                made.incrementAndGet()
                emit("line $it")
            }
            if (failure != null) throw failure
        } finally {
            ended.add("ended")
        }
    }

    /** Emits one line, and then suspends for ever. */
    fun stuck(): Flow<String> = flow {
        try {
            emit("only")
            awaitCancellation()
        } finally {
            ended.add("ended")
        }
    }

    /** Emits numbers from zero. */
    fun numbers(count: Long): Flow<Long> = flow { for (number in 0 until count) emit(number) }

    fun failing(failure: Throwable): Flow<Long> = flow { throw failure }

    fun withNulls(): Flow<String?> = flow {
        emit("a")
        emit(null)
    }
}
