package io.github.coro4j.internal.dump

import io.github.coro4j.internal.job.Progress
import java.util.Locale

/**
 * Returns a dump for programs, on one line. It leaves out members that do not apply;
 * docs/observability.md lists all members.
 */
internal fun jsonOf(scope: ScopeSnapshot): String = Json().apply { write(scope) }.toString()

private fun Json.write(scope: ScopeSnapshot) {
    inObject {
        text("kind", "scope")
        text("name", scope.name)
        text("state", scope.state)
        scope.reason?.let { text("reason", it) }
        number("ageSeconds", scope.ageSeconds)
        member("tasks") { write(scope.tasks) }
        number("coroutines", scope.coroutines)
        number("callbacksUnderWay", scope.callbacks)
        writeJobs(scope.jobs, scope.moreJobs)
        list("scopes", scope.scopes) { write(it) }
        number("moreScopes", scope.moreScopes)
    }
}

private fun Json.write(job: JobSnapshot) {
    inObject {
        text("kind", job.kind)
        text("name", job.name)
        text("state", job.progress.json)
        job.end?.let { text("end", it) }
        if (job.cancelling) raw("cancelling", "true")
        job.reason?.let { text("reason", it) }
        number("ageSeconds", job.ageSeconds)
        job.startedAt?.let { text("startedAt", it) }
        job.running?.let {
            text("thread", it.thread)
            if (it.nanos >= 0)
                raw("runningSeconds", String.format(Locale.ROOT, "%.3f", it.nanos / 1e9))
        }
        job.limit?.let {
            member("limit") {
                inObject {
                    text("name", it.name())
                    number("capacity", it.capacity())
                    number("inUse", it.inUse())
                    number("queued", it.queued())
                }
            }
        }
        job.secondsLeft?.let { number("secondsLeft", it) }
        if (job.waitsFor.isNotEmpty()) {
            // The name is written as it is, because JSON escapes it in its own way.
            list("waitsFor", job.waitsFor) { text("${it.kind} \"${it.name()}\"") }
            number("moreWaitedFor", job.moreWaitedFor)
        }
        if (job.stack.frames.isNotEmpty()) {
            list("stack", job.stack.frames) { text(it) }
            number("moreFrames", job.stack.more)
        }
        job.group?.let {
            member("children") { write(it.alive, it.size, it.done) }
            writeJobs(it.jobs, it.left.total)
            number("moreQueued", it.left[Progress.QUEUED])
            number("moreWithoutPermit", it.left[Progress.WITHOUT_PERMIT])
        }
    }
}

private fun Json.write(counts: Counts, total: Int = counts.total, done: Int? = null) {
    inObject {
        if (total >= 0) number("total", total)
        done?.let { number("done", it) }
        for (progress in Progress.values()) {
            if (progress != Progress.ENDED) number(progress.json, counts[progress])
        }
        number("cancelling", counts.cancelling)
    }
}

private fun Json.writeJobs(jobs: List<JobSnapshot>, more: Int) {
    list("jobs", jobs) { write(it) }
    number("moreJobs", more)
}

/** Writes JSON by hand, so that the engine needs no library for it. */
private class Json {
    private val out = StringBuilder()
    private var isFirst = true

    override fun toString() = out.toString()

    inline fun inObject(members: () -> Unit) = inside('{', '}', members)

    inline fun member(name: String, value: () -> Unit) {
        comma()
        quote(name)
        out.append(':')
        isFirst = true
        value()
        isFirst = false
    }

    fun text(name: String, value: String) = member(name) { quote(value) }

    fun number(name: String, value: Number) = raw(name, value.toString())

    fun raw(name: String, value: String) = member(name) { out.append(value) }

    inline fun <E> list(name: String, elements: List<E>, write: (E) -> Unit) =
        member(name) { inside('[', ']') { for (each in elements) write(each) } }

    /** Writes an element of a list. */
    fun text(value: String) {
        comma()
        quote(value)
    }

    private inline fun inside(open: Char, close: Char, content: () -> Unit) {
        comma()
        out.append(open)
        isFirst = true
        content()
        out.append(close)
        isFirst = false
    }

    private fun comma() {
        if (!isFirst) out.append(',')
        isFirst = false
    }

    private fun quote(value: String) {
        out.append('"')
        for (char in value) {
            when {
                char == '"' || char == '\\' -> out.append('\\').append(char)
                // Escape what ends a line in JavaScript, and surrogates, because UTF-8 cannot
                // encode half of a pair.
                char < ' ' ||
                    char in '\u007f'..'\u009f' ||
                    char in '\u2028'..'\u2029' ||
                    char.isSurrogate() ->
                    out.append(String.format(Locale.ROOT, "\\u%04x", char.code))
                else -> out.append(char)
            }
        }
        out.append('"')
    }
}
