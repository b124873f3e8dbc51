package io.github.coro4j.internal.gather.group

import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.BodyJob
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobOwner
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.StartStamp
import io.github.coro4j.internal.job.TaskListeners
import io.github.coro4j.internal.job.exceptionOf

/** Items that an `Iterable` of the user gives, read one by one, by one thread at a time. */
internal class ReadItems(items: Iterable<Any?>, private val parameter: String) : ItemSource {
    private var items: Iterable<Any?>? = items
    private var iterator: Iterator<Any?>? = null

    @Volatile
    override var isAtEnd: Boolean = false
        private set

    override val size: Int
        get() = -1

    override val left: Int
        get() = 0

    override fun nextStored(): Any? = null

    override fun readerFor(source: LimitedSource<*>) = ItemReader(source, this, parameter)

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

/** Reads [items] for a [LimitedSource], by one job after the other. */
internal class ItemReader(
    private val source: LimitedSource<*>,
    private val items: ReadItems,
    private val parameter: String,
) : JobOwner {
    /** The job that reads the items, from its start until it has ended. */
    @Volatile private var job: ItemReaderJob? = null

    val isReading: Boolean
        get() = job != null

    fun start() {
        val started = ItemReaderJob(this)
        job = started
        source.startReading(started)
    }

    /** Reads items while there are permits. The next call goes on where this one has stopped. */
    fun read(whose: ItemReaderJob) = source.group.userContext.run(whose, ::readOn)

    private fun readOn() {
        if (source.group.isStopping) return
        val iterator = items.iterator()
        while (source.wantsItem) {
            if (!iterator.hasNext()) return items.end()
            val item: Any? = iterator.next()
            if (source.group.isStopping) return
            val index = source.made
            requireArgument(item, "$parameter[$index]") {
                "${source.group.toLabel()} was stopped; leave it out of what the iterator gives"
            }
            if (!source.startRead(item!!)) return
        }
    }

    override val scope: JobScope
        get() = source.scope

    override fun nameOf(job: FutureJob<*>): String = "${source.group.name()}.$parameter"

    override fun ended(job: FutureJob<*>) {
        // After a failure or a cancel the reading does not go on. Set this before the job is gone:
        // pairs with LimitedSource.giveNext, which would start another reader.
        if (exceptionOf(job) != null) items.end()
        this.job = null
        source.readingEnded(job as ItemReaderJob)
    }
}

/** A step of a group that reads its items. It is no task, so task listeners do not see it. */
internal class ItemReaderJob(private val reader: ItemReader) : BodyJob<Unit>(reader) {
    init {
        noteUnshared(StartStamp.stamp(scope.time.coarseNanos()))
    }

    override val listeners: TaskListeners?
        get() = null

    override val kind: String
        get() = "items"

    override fun call(body: Any?) = reader.read(this)

    /** False, because the items may start what later items use. */
    override val ownsStarted: Boolean
        get() = false
}
