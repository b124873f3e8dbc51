package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob

/** Starts all children at once, and hands over each of them. */
internal class EagerSource<T>(body: ItemBody<T>, private var items: Array<Any?>) :
    BodiesSource<T>(body, expected = items.size) {
    @Volatile private var children = emptyArray<FutureJob<T>?>()

    override val size: Int = items.size

    /** The members. Ended members stay only if the policy needs them. */
    override val members: List<FutureJob<T>>
        get() =
            @Suppress("UNCHECKED_CAST")
            if (group.policy.keepsMembers) children.asList() as List<FutureJob<T>>
            else children.filterNotNull()

    override fun attach(group: GroupJob<T, *>) {
        super.attach(group)
        children =
            Array(items.size) { newChild(it, items[it]!!).apply { asChild.prepareUnshared() } }
        items = NONE
    }

    override fun start() {
        if (size == 0) return group.finish()
        for (child in children) if (!group.isStopping) child?.asChild?.beginPrepared()
    }

    override fun ended(job: FutureJob<*>) =
        childEnded(job) {
            if (!group.policy.keepsMembers) children[job.asChild.index] = null
            countEnded(1)
        }

    override fun forgetEnded() {
        if (group.policy.keepsMembers)
            children = children.filterNot { it!!.isCompleted }.toTypedArray()
    }

    override fun forgetChildren() {
        children = emptyArray()
    }

    private companion object {
        val NONE = emptyArray<Any?>()
    }
}
