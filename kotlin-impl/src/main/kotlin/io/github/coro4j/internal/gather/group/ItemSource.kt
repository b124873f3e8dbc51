package io.github.coro4j.internal.gather.group

/** The items of a group that starts its children one after the other. */
internal interface ItemSource {
    /** Number of items, or -1 if unknown. */
    val size: Int

    /** Number of stored items that are left; 0 if they are not stored. */
    val left: Int

    val isAtEnd: Boolean

    /** Returns the next item if it is stored. One thread at a time may call this. */
    fun nextStored(): Any?

    /** Returns the reader for items that user code gives; null if the items are stored. */
    fun readerFor(source: LimitedSource<*>): ItemReader?

    /** Releases the items, once none is needed any more. */
    fun forget()
}

/**
 * Items that are known from the start. Only one thread at a time uses them, except for [left] and
 * [isAtEnd].
 */
internal class StoredItems(private var array: Array<Any?>) : ItemSource {
    @Volatile private var at = 0

    override val size: Int = array.size

    override val left: Int
        get() = size - at

    override val isAtEnd: Boolean
        get() = left == 0

    override fun nextStored(): Any? {
        val index = at
        if (index == size) return null
        at = index + 1
        return array[index].also { array[index] = null }
    }

    override fun readerFor(source: LimitedSource<*>): ItemReader? = null

    override fun forget() {
        at = size
        array = NONE
    }

    private companion object {
        val NONE = arrayOfNulls<Any?>(0)
    }
}
