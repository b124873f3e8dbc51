package io.github.coro4j.interop.kotlin

import java.io.IOException
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.yield

/** An interface of a team that writes Kotlin. */
interface Users {
    suspend fun load(id: Int): String

    suspend fun loadAll(): List<String>

    suspend fun find(id: Int): String?

    suspend fun save(name: String)
}

/** Implements [Users] in Kotlin. */
class KotlinUsers : Users {
    val saved = CopyOnWriteArrayList<String>()
    val begun = CompletableDeferred<Unit>()
    val cancelledWith = CompletableDeferred<String?>()

    override suspend fun load(id: Int): String {
        yield()
        if (id < 0) throw IOException("no user $id")
        return "user $id"
    }

    override suspend fun loadAll(): List<String> = listOf(load(1), load(2))

    override suspend fun find(id: Int): String? = if (id > 0) "user $id" else null

    override suspend fun save(name: String) {
        yield()
        saved.add(name)
    }

    suspend fun failAtOnce(): String = throw IOException("at once")

    suspend fun nameOfTheCoroutine(): String? {
        yield()
        return currentCoroutineContext()[CoroutineName]?.name
    }

    suspend fun loadForEver(): String {
        try {
            begun.complete(Unit)
            awaitCancellation()
        } catch (e: kotlinx.coroutines.CancellationException) {
            cancelledWith.complete(e.message)
            throw e
        }
    }
}
