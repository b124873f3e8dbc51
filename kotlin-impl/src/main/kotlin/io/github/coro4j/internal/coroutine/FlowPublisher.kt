package io.github.coro4j.internal.coroutine

import io.github.coro4j.Outcome
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.jobOf
import java.util.concurrent.Flow.Publisher
import java.util.concurrent.Flow.Subscriber
import java.util.concurrent.Flow.Subscription
import java.util.concurrent.atomic.AtomicLong
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.suspendCancellableCoroutine

/**
 * A flow as a publisher of the JDK. Each subscriber has a task of its own that collects the flow.
 * Numbers in comments are rules of the Reactive Streams specification, 1.0.4.
 */
internal class FlowPublisher<T>(private val scope: JobScope, private val flow: Flow<T>) :
    Publisher<T> {
    override fun subscribe(subscriber: Subscriber<in T>) {
        requireArgument(subscriber, "subscriber") { "nothing was subscribed to $this" }
        Subscribed(subscriber).begin()
    }

    override fun toString(): String = "a publisher of a flow, in ${scope.toLabel()}"

    private inner class Subscribed(subscriber: Subscriber<in T>) : Subscription {
        /** The subscriber; null once it has cancelled (3.13) or got the end. */
        @Volatile private var subscriber: Subscriber<in T>? = subscriber

        /** Number of requested items. The largest number means "no limit" (3.17). */
        private val demand = AtomicLong()

        /** The collector, while it waits for demand. */
        private val waiting = AtomicReference<CancellableContinuation<Unit>?>()
        @Volatile private var job: FutureJob<*>? = null
        @Volatile private var illegal: IllegalArgumentException? = null

        fun begin() {
            val to = subscriber ?: return
            to.onSubscribe(this) // 1.9: before any other signal
            if (subscriber == null) return
            val task =
                try {
                    scope.startSuspending(
                        "publisher",
                        EmptyCoroutineContext,
                        fromJava = true,
                    ) {
                        collect()
                    }
                } catch (e: IllegalStateException) {
                    return to.onError(e) // 1.9: the scope is closed
                }
            job = jobOf<Unit>(task) { "task" }
            // Tell the subscriber after the last item, whatever ended the task, even if it never
            // began.
            task.addDoneCallback { done -> ended(done.outcome()) }
            // publish, then re-check: pairs with Subscribed.cancel and Subscribed.request, which
            // may have seen no job
            if (subscriber == null || illegal != null) stop()
        }

        private suspend fun collect() {
            var index = 0L
            flow.collect { item ->
                awaitDemand()
                // 2.13: an item must not be null.
                if (item == null)
                    throw NullPointerException(
                        "item $index of the flow is null, which a publisher cannot pass on"
                    )
                index++
                subscriber?.onNext(item)
            }
        }

        private suspend fun awaitDemand() {
            while (true) {
                val seen = demand.get()
                if (seen == Long.MAX_VALUE) return
                if (seen > 0 && demand.compareAndSet(seen, seen - 1)) return
                if (seen == 0L)
                    suspendCancellableCoroutine { coroutine ->
                        // publish, then re-check: pairs with Subscribed.request
                        waiting.set(coroutine)
                        if (demand.get() > 0) resumeCollector()
                    }
            }
        }

        private fun resumeCollector() {
            waiting.getAndSet(null)?.resume(Unit)
        }

        override fun request(n: Long) {
            if (subscriber == null) return // 3.6
            if (n <= 0) {
                // 3.9
                illegal =
                    IllegalArgumentException(
                        "n must be at least 1, but is $n: the subscription to ${this@FlowPublisher} is over, by rule 3.9 of Reactive Streams"
                    )
                return stop()
            }
            demand.accumulateAndGet(n) { now, more ->
                if (Long.MAX_VALUE - now < more) Long.MAX_VALUE else now + more
            }
            resumeCollector()
        }

        override fun cancel() {
            subscriber = null
            stop()
        }

        private fun stop() {
            job?.cancelFromUser("its subscriber wants no more")
        }

        private fun ended(outcome: Outcome<*>) {
            val to = subscriber ?: return
            subscriber = null
            val why = illegal ?: outcome.exceptionOrNull()
            if (why == null) to.onComplete() else to.onError(why)
        }
    }
}
