package io.github.coro4j.internal

/** How far the children of a group are, for the message of its timeout. */
internal class Census(members: List<FutureJob<*>>, unmade: Int) {
    private var done = 0
    private var notStarted = unmade
    private var running = 0
    private var slowest: FutureJob<*>? = null
    private var longest = -1L

    init {
        for (member in members) {
            when {
                member.isCompleted -> done++
                member is TaskJob && member.hasNotBegun -> notStarted++
                else -> {
                    running++
                    val nanos = nanosOf(member)
                    if (nanos > longest) {
                        longest = nanos
                        slowest = member
                    }
                }
            }
        }
    }

    /** How long it has been at work; zero for what has no body. */
    private fun nanosOf(member: FutureJob<*>): Long {
        val runner = member.slot as? Runner ?: return 0
        val since = runner.since
        // Below the top of its thread's stack `since` is about another body, which began later.
        return (System.nanoTime() - since).coerceAtLeast(0)
    }

    override fun toString(): String {
        val counts = "$done done, $running running, $notStarted not started"
        return slowest?.let { "$counts; the slowest is ${it.toLabel()}" } ?: counts
    }
}
