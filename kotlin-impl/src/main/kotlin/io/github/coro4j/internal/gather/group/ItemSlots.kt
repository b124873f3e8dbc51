package io.github.coro4j.internal.gather.group

import java.util.concurrent.atomic.AtomicReferenceArray

/**
 * A slot for each item of a group: the item, then the child that was made of it, then null.
 * Neighbouring items are far apart in memory, because otherwise the threads that take them in turn
 * would compete for the same cache lines.
 */
internal class ItemSlots(items: Array<Any?>) {
    private val rows = (items.size + COLUMNS - 1) / COLUMNS
    @Volatile private var slots = AtomicReferenceArray<Any?>(rows * COLUMNS)

    init {
        val all = slots
        for (index in items.indices) all.lazySet(slotOf(index), items[index])
    }

    private fun slotOf(index: Int) = (index and COLUMNS - 1) * rows + (index ushr COLUMN_BITS)

    /** True once the slots are gone, because the group and all its children have ended. */
    val isReleased: Boolean
        get() = slots === NONE

    fun get(index: Int): Any? {
        val all = slots
        return if (all === NONE) null else all.get(slotOf(index))
    }

    fun set(index: Int, child: Any) = slots.set(slotOf(index), child)

    /** Empties a slot, without a fence. */
    fun clear(index: Int) {
        val all = slots
        if (all !== NONE) all.lazySet(slotOf(index), null)
    }

    fun release() {
        slots = NONE
    }

    private companion object {
        val NONE = AtomicReferenceArray<Any?>(0)
        const val COLUMN_BITS = 4
        const val COLUMNS = 1 shl COLUMN_BITS
    }
}
