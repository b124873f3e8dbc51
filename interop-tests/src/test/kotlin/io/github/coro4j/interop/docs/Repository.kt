package io.github.coro4j.interop.docs

import java.io.IOException
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.yield

// The classes of a team that writes Kotlin, in docs/interop.md.

data class User(val id: Int, val name: String)

// region What the Kotlin team offers
interface Users {
    suspend fun load(id: Int): User

    suspend fun save(user: User)
}

// endregion

class Repository : Users {
    val saved = CopyOnWriteArrayList<User>()

    override suspend fun load(id: Int): User {
        yield()
        if (id < 0) throw IOException("no user $id")
        return User(id, "user $id")
    }

    suspend fun loadAll(): List<User> = listOf(load(1), load(2))

    override suspend fun save(user: User) {
        yield()
        saved.add(user)
    }
}

class Log {
    fun lines(): Flow<String> = flowOf("INFO a", "ERROR b", "ERROR c")
}
