package io.github.coro4j.coroutines

import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.coroutine.FlowPublisher
import io.github.coro4j.internal.coroutine.FlowReader
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.currentScope
import io.github.coro4j.internal.job.optionalScope
import java.util.Spliterator
import java.util.Spliterators
import java.util.concurrent.Flow.Publisher
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlinx.coroutines.flow.Flow

/**
 * Reads flows from Java: as an iterator, a stream or a publisher.
 *
 * A null argument throws `NullPointerException` at once, with a message that names the parameter.
 */
public object Flows {
    /**
     * Returns an iterator over the items of a flow, for a Java thread that waits for them. A task
     * of the current scope, named `flow`, collects the flow. It starts when the reader asks for the
     * first item, and is suspended until the reader asks for the next item.
     *
     * ```java
     * try (FlowIterator<String> lines = Flows.iterator(log.lines())) {
     *   while (lines.hasNext()) {
     *     show(lines.next());
     *   }
     * }
     * ```
     *
     * Close the iterator unless you read it to its end. Otherwise the task lives as long as its
     * scope. The waiting thread starves no pool. If a wait for an item would close a circle of
     * tasks, it throws a `DeadlockException`.
     *
     * @param flow what to read
     * @return the items; for one thread at a time
     */
    @JvmStatic
    public fun <T> iterator(flow: Flow<T>): FlowIterator<T> = reader(currentScope(), flow)

    /**
     * Returns an iterator like `iterator(Flow)`, in a scope of your choice.
     *
     * @param scope the scope of the task that collects the flow
     * @param flow what to read
     * @return the items; for one thread at a time
     */
    @JvmStatic
    public fun <T> iterator(scope: TaskScope, flow: Flow<T>): FlowIterator<T> =
        reader(checked(scope), flow)

    /**
     * Returns the items of a flow as a sequential stream; see `iterator(Flow)`. Close the stream
     * unless you read it to its end. A `limit` does not read the stream to its end.
     *
     * ```java
     * try (Stream<String> lines = Flows.stream(log.lines())) {
     *   return lines.filter(line -> line.contains("ERROR")).limit(10).toList();
     * }
     * ```
     *
     * @param flow what to read
     * @return the items; if the flow fails or is cancelled, the terminal operation throws what
     *   [FlowIterator.hasNext] throws
     */
    @JvmStatic
    public fun <T> stream(flow: Flow<T>): Stream<T> = streamOf(reader(currentScope(), flow))

    /**
     * Returns a stream like `stream(Flow)`, in a scope of your choice.
     *
     * @param scope the scope of the task that collects the flow
     * @param flow what to read
     * @return the items
     */
    @JvmStatic
    public fun <T> stream(scope: TaskScope, flow: Flow<T>): Stream<T> =
        streamOf(reader(checked(scope), flow))

    /**
     * Returns a publisher of the JDK for a flow, by the Reactive Streams specification. For each
     * subscriber a new task of the current scope, named `publisher`, collects the flow. The
     * subscriber gets the items on the threads of that task. The task is suspended while the
     * subscriber has no open request.
     *
     * The subscriber gets the end on the scope's callback executor: the completion, the original
     * failure, or the cancellation if the scope was cancelled. A subscriber that cancels its
     * subscription cancels the task. In a closed scope each subscriber gets an error that says so.
     *
     * ```java
     * Flow.Publisher<String> lines = Flows.publisher(log.lines());
     * ```
     *
     * This function is not available on Android before API 30, which lacks
     * `java.util.concurrent.Flow`. The other functions here do not need it.
     *
     * @param flow what to publish; a null item is an error
     * @return the publisher, for any number of subscribers
     */
    @JvmStatic
    public fun <T : Any> publisher(flow: Flow<T>): Publisher<T> = publisherIn(currentScope(), flow)

    /**
     * Returns a publisher like `publisher(Flow)`, in a scope of your choice.
     *
     * @param scope the scope of the tasks that collect the flow
     * @param flow what to publish
     * @return the publisher
     */
    @JvmStatic
    public fun <T : Any> publisher(scope: TaskScope, flow: Flow<T>): Publisher<T> =
        publisherIn(checked(scope), flow)

    private fun <T : Any> publisherIn(scope: JobScope, flow: Flow<T>): Publisher<T> {
        requireArgument(flow, "flow") { "there is nothing to publish" }
        return FlowPublisher(scope, flow)
    }

    private fun <T> streamOf(reader: FlowReader<T>): Stream<T> =
        StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED),
                false,
            )
            .onClose(reader::close)

    private fun <T> reader(scope: JobScope, flow: Flow<T>): FlowReader<T> {
        requireArgument(flow, "flow") { "there is nothing to read" }
        return FlowReader(scope, flow)
    }

    private fun checked(scope: TaskScope?): JobScope =
        optionalScope(scope) { "no flow can be collected in it" }
}
