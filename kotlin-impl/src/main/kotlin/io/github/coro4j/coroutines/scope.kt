@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.ContextPropagator
import io.github.coro4j.FailureListener
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.coroutine.CurrentTaskElement
import io.github.coro4j.internal.coroutine.ParentCoroutineScope
import io.github.coro4j.internal.job.engine
import io.github.coro4j.internal.job.scopeOf
import io.github.coro4j.internal.scope.ScopeImpl
import io.github.coro4j.spi.ScopeSettings
import java.util.concurrent.Executor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job

/**
 * Starts a suspend body as a task of this scope, and returns at once.
 *
 * It is a `Task` like any other: it has a name, an outcome and callbacks, and its scope waits for
 * it and cancels it. Java code need not know that it is a coroutine. Coroutines that the body
 * launches are its children, and the task is done when they are. It holds no thread while it is
 * suspended. If the body calls Java code, [Task.current] returns this task there, and new tasks
 * start in this scope.
 *
 * ```
 * TaskScope.open("page").use { scope ->
 *     val user = scope.task("user") { repository.load(42) }
 *     val cart = scope.start("cart", Callable { shop.cart(42) })
 *     render(user.await(), cart.await())
 * }
 * ```
 *
 * **Threads.** The body runs on the dispatcher in [context] or, without one, on the scope's
 * executor. In a scope made by [asTaskScope], the default is the dispatcher of the coroutine scope.
 * On an executor of your own, a body may block in a wait for a suspend body while no other thread
 * is free. Then the suspend bodies of that scope go on in the engine's pool.
 *
 * **Cancel.** A cancel works as for coroutines: it ends a suspension, and interrupts no thread.
 * Start a body that blocks with [TaskScope.start], or block inside `runInterruptible`.
 *
 * **Failures.** The exception that the body throws is the failure. A `CancellationException`
 * without a request to cancel, such as that of a `withTimeout`, is also a failure. (A `Deferred` of
 * kotlinx would count as cancelled.) If a dispatcher throws or refuses, at the start or later, the
 * task fails with that exception. The body then cleans up on the engine's pool.
 *
 * **Memory effects.** What the caller did before this call happens-before the body.
 *
 * @param name the name of the task, and the `CoroutineName` of the body; if null, the engine makes
 *   a name
 * @param context elements for the context of the body, such as a dispatcher
 * @throws IllegalArgumentException if [name] is blank, or [context] has a `Job`, because the task
 *   would leave this scope
 * @throws IllegalStateException if this scope is closed; the body does not run
 */
@JvmSynthetic
public fun <T> TaskScope.task(
    name: String? = null,
    context: CoroutineContext = EmptyCoroutineContext,
    body: suspend CoroutineScope.() -> T,
): Task<T> {
    val scope = scopeOf(this) { "no task was started in it" }
    val what = "no task was started in ${scope.toLabel()}"
    if (name != null) requireName(name) { "$what; leave the name out, and the task gets one" }
    requireNoJob(context) { what }
    return scope.startSuspending(name, context, fromJava = false, body)
}

/** Throws if [context] has a job, under which a task would leave its scope. */
@JvmSynthetic
internal inline fun requireNoJob(context: CoroutineContext, consequence: () -> String) =
    require(context[Job] == null) {
        "context must not have a Job, but has ${context[Job]}: ${consequence()}, " +
            "because the task would leave the scope; leave the Job out"
    }

/**
 * Creates a task scope that belongs to this coroutine scope, for Java code. Cancelling this
 * coroutine scope cancels the tasks of the task scope. So a `viewModelScope` ends the tasks of its
 * view. A `coroutineScope { }` that contains this scope also waits for these tasks and for the
 * coroutines of [asCoroutineScope]. So does a task whose body is this coroutine scope.
 *
 * The caller need not close it. Once the job of this coroutine scope has completed, the task scope
 * refuses work, closes itself and reports unread failures. Until then the task scope stays open.
 * Without work it does not delay the coroutine scope. Closing it earlier does not affect the
 * coroutine scope. Each call creates another task scope, so create one and keep it. Like every task
 * scope it is a supervisor: the failure of a task fails neither the coroutine scope nor its other
 * coroutines.
 *
 * Bodies in Java run on the engine's pool or [executor]. They never run on the dispatcher of this
 * coroutine scope, which may be a screen's thread. Suspend bodies ([task]) run on that dispatcher.
 * If this scope has no job, like `GlobalScope`, only a close ends the task scope.
 *
 * ```
 * coroutineScope {
 *     val page = service.renderIn(asTaskScope("page")) // Java, which starts tasks there
 *     show(page.await())
 * } // No task is left here, even after a cancel.
 * ```
 *
 * @param name the name, for messages, reports and dumps; if null, the `CoroutineName` or, without
 *   one, `scope`
 * @param executor where bodies in Java run; if null, the executor of the enclosing task's scope, or
 *   the engine's own
 * @param callbackExecutor where callbacks run, with the same default; for example
 *   `Dispatchers.Main.asExecutor()`
 * @param failureListener receives the failures that no code has read; if null, the listener of the
 *   enclosing task's scope, or a listener that logs
 * @param contextPropagators what propagates context, in addition to the propagators of the
 *   enclosing task's scope and the engine
 * @throws IllegalArgumentException if [name] is blank
 * @throws IllegalStateException inside a task whose scope is closed, or if scopes are nested too
 *   deeply
 */
@JvmSynthetic
public fun CoroutineScope.asTaskScope(
    name: String? = null,
    executor: Executor? = null,
    callbackExecutor: Executor? = null,
    failureListener: FailureListener? = null,
    contextPropagators: List<ContextPropagator> = emptyList(),
): TaskScope {
    if (name != null)
        requireName(name) { "no scope was made; leave the name out for that of the coroutine" }
    val called =
        name ?: coroutineContext[CoroutineName]?.name?.takeIf { it.isNotBlank() } ?: "scope"
    val settings =
        ScopeSettings(
            called,
            executor,
            callbackExecutor,
            failureListener,
            null,
            null,
            contextPropagators,
            null,
            null,
        )
    val engine = engine()
    val around = coroutineContext[CurrentTaskElement]?.job?.scope?.takeIf { it !== engine.global }
    val outside = ParentCoroutineScope(coroutineContext)
    return ScopeImpl(engine, settings, around as ScopeImpl?, outside).also(outside::enter)
}

/**
 * Returns this scope as a coroutine scope, for Kotlin's own builders. Coroutines that are launched
 * in it live in this scope: closing the scope cancels them and waits for them, and [TaskScope.join]
 * waits for them. Cancelling the coroutine scope cancels this scope, with the message as the
 * reason. Each call returns the same object.
 *
 * The coroutines run on the executor of the scope. They are not tasks: [TaskScope.tasks] does not
 * list them, and they have no outcome. For a task, use [task]. The coroutine scope is a supervisor:
 * the failure of one coroutine leaves the others alone. The scope reports the failure of a `launch`
 * to its failure listener at once, never to an uncaught-exception handler. The failure of an
 * `async` goes to the coroutine that awaits it.
 *
 * @throws IllegalStateException if this scope is closed
 */
@JvmSynthetic
public fun TaskScope.asCoroutineScope(): CoroutineScope =
    scopeOf(this) { "it cannot be used as a CoroutineScope" }.asCoroutineScope()
