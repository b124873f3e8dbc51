package io.github.coro4j.internal

import io.github.coro4j.DeadlockException
import io.github.coro4j.Future
import io.github.coro4j.TaskCancelledException
import io.github.coro4j.ThrowingFunction

/**
 * A job whose body is a function of another job's end: it waits in phase NEW, and is dispatched
 * when the source has ended with what the function is for. It lives in the source's scope, but is
 * listed there only while it has work to do: a derived future of a promise that nobody completes
 * must not keep anything alive.
 */
internal abstract class DerivedJob<S, T>(
    protected val source: FutureJob<S>,
    private val verb: String,
) : BodyJob<T>(source.scope) {

    fun begin(): Future<T> {
        scope.checkOpen("derive $verb from ${source.toLabel()}")
        label = "${source.name()}.$verb"
        // On the thread that completes the source: nothing of the user's runs here.
        source.invokeOnCompletion { sourceEnded() }
        return handle()
    }

    /**
     * The function's argument in a [Given], or null where the end of the source passes unchanged.
     */
    protected abstract fun given(end: Any?): Given?

    class Given(val value: Any?)

    private fun sourceEnded() {
        val given = if (isCancelled) null else given(source.end)
        when {
            isCancelled -> if (advance(NEW, ENDED)) endCancelled()
            given == null -> if (advance(NEW, ENDED)) follow(source)
            else -> {
                source.markRead()
                slot = given.value
                if (scope.tryList(this)) {
                    dispatch()
                } else if (advance(NEW, ENDED)) {
                    endWith(
                        TaskCancelledException(
                            name(),
                            "scope \"${scope.name()}\" was closed before it could begin",
                        )
                    )
                }
            }
        }
    }

    private fun endCancelled() = endWith(getCancellationException())

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        // Done means the work has ended (R2), so an unbegun derived job ends with its source. If
        // the source ends meanwhile, whoever
        // runs or dispatches this sees that it is cancelled.
        if (phase == NEW) source.requestCancel(reason, interrupt)
        else super.onCancelRequest(reason, interrupt)
    }

    override fun dependencies(visit: (FutureJob<*>) -> Unit) {
        if (!source.isCompleted) visit(source) else super.dependencies(visit)
    }
}

internal class MapJob<S, T>(
    source: FutureJob<S>,
    private val function: ThrowingFunction<in S, out T>,
) : DerivedJob<S, T>(source, "map") {
    override fun given(end: Any?): Given? =
        if (end is UnreadFailure || end is CancelledEnd) null else Given(end)

    @Suppress("UNCHECKED_CAST") override fun call(body: Any?): T = function.apply(body as S)
}

internal class RecoverJob<T>(
    source: FutureJob<T>,
    private val function: ThrowingFunction<in Throwable, out T>,
) : DerivedJob<T, T>(source, "recover") {
    override fun given(end: Any?): Given? = if (end is UnreadFailure) Given(end.exception) else null

    override fun call(body: Any?): T = function.apply(body as Throwable)
}

internal class FlatMapJob<S, T>(
    source: FutureJob<S>,
    private val function: ThrowingFunction<in S, out Future<out T>>,
) : DerivedJob<S, T>(source, "flatMap") {
    /** What the function returned; the job ends as it does. */
    @Volatile private var following: FutureJob<T>? = null

    override fun given(end: Any?): Given? =
        if (end is UnreadFailure || end is CancelledEnd) null else Given(end)

    @Suppress("UNCHECKED_CAST")
    override fun call(body: Any?): T {
        val returned: Future<out T>? = function.apply(body as S)
        requireArgument(returned, "the future returned by the function of ${toLabel()}")
        val job = jobOf<T>(returned!!, "the result of the function of ${toLabel()}")
        if (job === this) {
            throw DeadlockException(
                "${toLabel()} cannot follow itself: its function returned the very future it was to end",
                listOf(name()),
            )
        }
        following = job
        return null as T
    }

    override fun returned(value: T) {
        val job = following!!
        // A cancel from before this line saw no job to pass itself on to.
        if (isCancelled)
            passOn(
                job,
                getCancellationException().let { (it as? TaskCancelledException)?.reason() },
                true,
            )
        job.invokeOnCompletion {
            if (isCancelled) endWith(getCancellationException()) else follow(job)
        }
    }

    override fun onCancelRequest(reason: String?, interrupt: Boolean) {
        super.onCancelRequest(reason, interrupt)
        if (phase == ENDED) following?.let { passOn(it, reason, interrupt) }
    }

    private fun passOn(job: FutureJob<T>, reason: String?, interrupt: Boolean) {
        job.requestCancel(reason, interrupt)
    }

    override fun dependencies(visit: (FutureJob<*>) -> Unit) {
        val job = following
        if (job != null && phase == ENDED) visit(job) else super.dependencies(visit)
    }
}
