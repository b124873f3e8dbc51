package io.github.coro4j.internal.gather.group

/** A job that a group starts for one item. It is a `FutureJob` of the group. */
internal interface GroupChild {
    val index: Int

    /** True once this child has a permit of its group. */
    val wasDispatched: Boolean

    val hasNotBegun: Boolean

    /** Prepares a child that may begin at once, before another thread can see it. */
    fun prepareUnshared()

    /** Begins a child that was prepared. Does nothing if a cancel came first. */
    fun beginPrepared()

    /** Begins with a permit. Returns false if a cancel came first. */
    fun begin(): Boolean

    /** Cancels the child for [reason] unless its code has begun, so that the reason is true. */
    fun cancelUnbegun(reason: String?): Boolean
}

internal val Any.asChild: GroupChild
    get() = this as GroupChild
