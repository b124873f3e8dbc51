package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.StartStamp
import io.github.coro4j.internal.job.TaskListeners

/** The items of a group that starts its children one after the other. */
internal sealed class ItemSource(val parameter: String) {
    /** Number of items, or -1 if unknown. */
    abstract val size: Int

    abstract val isAtEnd: Boolean

    /** Releases the items, once none is needed any more. */
    abstract fun forget()
}

/**
 * Items that are known from the start. Only one thread at a time uses them, except for [left] and
 * [isAtEnd].
 */
internal class StoredItems(array: Array<Any?>, parameter: String) : ItemSource(parameter) {
    @JvmField var array: Array<Any?> = array
    @Volatile private var at = 0

    override val size: Int = array.size

    val left: Int
        get() = size - at

    override val isAtEnd: Boolean
        get() = left == 0

    fun next(): Any? {
        val index = at
        if (index == size) return null
        at = index + 1
        return array[index].also { array[index] = null }
    }

    override fun forget() {
        at = size
        array = NONE
    }

    private companion object {
        val NONE = arrayOfNulls<Any?>(0)
    }
}

/** Items that are read one by one, by one thread at a time. */
internal class ReadItems(items: Iterable<Any?>, parameter: String) : ItemSource(parameter) {
    private var items: Iterable<Any?>? = items
    private var iterator: Iterator<Any?>? = null

    @Volatile
    override var isAtEnd: Boolean = false
        private set

    override val size: Int
        get() = -1

    fun iterator(): Iterator<Any?> {
        iterator?.let {
            return it
        }
        val given: Iterator<Any?>? = items!!.iterator()
        requireArgument(given, "$parameter.iterator()") { "nothing could be read" }
        return given!!.also { iterator = it }
    }

    fun end() {
        iterator = null
        isAtEnd = true
    }

    override fun forget() {
        end()
        items = null
    }
}

/**
 * The body that reads items while there are permits. The next one goes on where it has stopped. It
 * is a step of its group and no task, so task listeners do not see it.
 */
internal class ItemReaderJob(owner: JobOwner, read: () -> Unit) : BodyJob<Unit>(owner) {
    init {
        putSlot(read)
        noteUnshared(StartStamp.stamp(scope.engine.clock.nanos()))
    }

    override val listeners: TaskListeners?
        get() = null

    override val kind: String
        get() = "items"

    @Suppress("UNCHECKED_CAST") override fun call(body: Any?) = (body as () -> Unit)()
}
