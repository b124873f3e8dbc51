package io.github.coro4j.internal.future

import io.github.coro4j.Future
import io.github.coro4j.internal.job.isSuccess
import java.util.function.Consumer

/** Calls [action] with the value of a future that has succeeded. */
internal class OnSuccess<T>(private val action: Consumer<in T>) : Consumer<Future<T>> {
    override fun accept(future: Future<T>) {
        val end = (future as FutureHandle<T>).job.end
        // Asks the job, because asking the future for its outcome would read a failure.
        if (isSuccess(end)) action.accept(future.result())
    }
}

/** Calls [action] with the exception of a future that has failed, which reads the failure. */
internal class OnFailure<T>(private val action: Consumer<in Throwable>) : Consumer<Future<T>> {
    override fun accept(future: Future<T>) {
        if ((future as FutureHandle<T>).job.failed != null) action.accept(future.exception()!!)
    }
}
