package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.job.FutureJob

/** What has decided a group before its last member has ended. */
internal sealed class GroupDecision {
    /** The member whose end decided, or null. */
    open val decider: FutureJob<*>?
        get() = null

    /** The end of a member was enough, and the other members run on. */
    class Conclude(override val decider: FutureJob<*>) : GroupDecision()

    /** The end of a member was enough, and the other members are stopped. */
    class Stop(override val decider: FutureJob<*>) : GroupDecision()

    /** The time limit has passed. */
    object TimedOut : GroupDecision()

    /** The group cannot go on. It fails with [exception], and its members are stopped. */
    class Broken(val exception: Throwable) : GroupDecision()

    /** The group has ended, and what decided it is released. */
    object Over : GroupDecision()
}
