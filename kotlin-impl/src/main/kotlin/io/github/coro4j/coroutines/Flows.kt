@file:JvmName("Flows")

package io.github.coro4j.coroutines

import io.github.coro4j.TaskScope
import io.github.coro4j.internal.FlowPublisher
import io.github.coro4j.internal.FlowReader
import io.github.coro4j.internal.ScopeImpl
import io.github.coro4j.internal.currentScope
import io.github.coro4j.internal.optionalScope
import io.github.coro4j.internal.requireArgument
import java.util.Spliterator
import java.util.Spliterators
import java.util.concurrent.Flow.Publisher
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlinx.coroutines.flow.Flow

// What Java calls, in one class there, `Flows`.

/**
 * The items of a flow for Java, read by a thread that waits for them. Nothing begins before the
 * first question. The flow is collected by a task of the scope, `flow` by name, which is suspended
 * while nobody asks: no item is made before it is asked for.
 *
 * ```java
 * try (FlowIterator<String> lines = Flows.iterator(log.lines())) {
 *   while (lines.hasNext()) {
 *     show(lines.next());
 *   }
 * }
 * ```
 *
 * Close it unless you read it to its end: the task lives as long as its scope, otherwise. The
 * waiting thread starves no pool, and a circle of tasks that wait for each other's items gets an
 * error.
 *
 * @param flow what to read
 * @return the items; for one thread at a time
 * @throws NullPointerException if `flow` is null
 */
@JvmName("iterator")
public fun <T> iteratorOf(flow: Flow<T>): FlowIterator<T> = reader(currentScope(), flow)

/**
 * As `iterator(Flow)`, in a scope of your choice.
 *
 * @param scope where the task lives that collects the flow
 * @param flow what to read
 * @return the items; for one thread at a time
 * @throws NullPointerException if an argument is null
 */
@JvmName("iterator")
public fun <T> iteratorOf(scope: TaskScope, flow: Flow<T>): FlowIterator<T> =
    reader(checked(scope), flow)

/**
 * As `iterator(Flow)`, as a sequential stream. Close it unless it is read to its end; a `limit` is
 * not the end.
 *
 * ```java
 * try (Stream<String> lines = Flows.stream(log.lines())) {
 *   return lines.filter(line -> line.contains("ERROR")).limit(10).toList();
 * }
 * ```
 *
 * @param flow what to read
 * @return the items; what fails or cancels the flow is thrown by the terminal operation, as
 *   [FlowIterator.hasNext] throws it
 * @throws NullPointerException if `flow` is null
 */
@JvmName("stream")
public fun <T> streamOf(flow: Flow<T>): Stream<T> = stream(reader(currentScope(), flow))

/**
 * As `stream(Flow)`, in a scope of your choice.
 *
 * @param scope where the task lives that collects the flow
 * @param flow what to read
 * @return the items
 * @throws NullPointerException if an argument is null
 */
@JvmName("stream")
public fun <T> streamOf(scope: TaskScope, flow: Flow<T>): Stream<T> =
    stream(reader(checked(scope), flow))

/**
 * A flow as a publisher of the JDK, by the Reactive Streams specification. Each subscriber has the
 * flow collected anew, by a task of the scope, `publisher` by name, on whose threads it gets the
 * items, and which is suspended while it has requested none. The end is told on the scope's
 * callback executor: the original failure, or the cancellation, if the scope was cancelled. A
 * subscriber that cancels cancels the task. In a closed scope each subscriber gets the error that
 * says so.
 *
 * ```java
 * Flow.Publisher<String> lines = Flows.publisher(log.lines());
 * ```
 *
 * Not on Android before API 30, which has no `java.util.concurrent.Flow`; nothing else here needs
 * it.
 *
 * @param flow what to publish; an item that is null is an error
 * @return the publisher, for any number of subscribers
 * @throws NullPointerException if `flow` is null
 */
@JvmName("publisher")
public fun <T : Any> publisherOf(flow: Flow<T>): Publisher<T> = publisher(currentScope(), flow)

/**
 * As `publisher(Flow)`, in a scope of your choice.
 *
 * @param scope where the tasks live that collect the flow
 * @param flow what to publish
 * @return the publisher
 * @throws NullPointerException if an argument is null
 */
@JvmName("publisher")
public fun <T : Any> publisherOf(scope: TaskScope, flow: Flow<T>): Publisher<T> =
    publisher(checked(scope), flow)

private fun <T : Any> publisher(scope: ScopeImpl, flow: Flow<T>): Publisher<T> {
    requireArgument(flow, "flow") { "there is nothing to publish" }
    return FlowPublisher(scope, flow)
}

private fun <T> stream(reader: FlowReader<T>): Stream<T> =
    StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED),
            false,
        )
        .onClose(reader::close)

private fun <T> reader(scope: ScopeImpl, flow: Flow<T>): FlowReader<T> {
    requireArgument(flow, "flow") { "there is nothing to read" }
    return FlowReader(scope, flow)
}

private fun checked(scope: TaskScope?): ScopeImpl =
    optionalScope(scope) { "no flow can be collected in it" }
