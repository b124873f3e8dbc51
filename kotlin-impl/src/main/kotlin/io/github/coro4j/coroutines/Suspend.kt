package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Gather
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.coroutine.awaitOwned
import io.github.coro4j.internal.job.currentScope
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/**
 * Calls and implements suspend functions from Java. Kotlin code rarely needs it, because it has
 * [task] and [await].
 *
 * A null argument throws `NullPointerException` before the function is called, with a message that
 * names the parameter.
 */
public object Suspend {
    /**
     * Calls a suspend function as the body of a task, and returns the task at once.
     *
     * ```java
     * Task<User> user = Suspend.call(c -> repository.load(42, c));
     * Task<List<User>> all = Suspend.call(repository::loadAll);
     * ```
     *
     * The task belongs to the scope of the current task, or to the global scope. The function holds
     * no thread while it is suspended. Cancelling the task cancels the function as
     * kotlinx.coroutines does: the cancel ends a suspension, and interrupts no thread. A function
     * may also return without suspending.
     *
     * A failure is the original exception. In the debug mode the place of this call is attached to
     * it as suppressed (`Suppressed: called from`). After a suspension, no other stack trace leads
     * to that place. If several calls fail with one exception object, it shows the place of the
     * first call.
     *
     * The debug mode is on if the system property `coro4j.debug` is `true`, or if it is not set and
     * assertions are enabled. For each call it costs 1 to 5 microseconds and 0.7 to 2 kB, depending
     * on the depth of the stack (5 to 80 frames).
     *
     * For a function that returns `Unit`, use [launch], which returns a `Task<Void>`.
     *
     * @param call passes its continuation on to the function; called once, on the scope's executor
     *   or, in a scope made by `asTaskScope`, on the dispatcher of the coroutine scope
     * @return the started task
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun <T> call(call: SuspendCall<T>): Task<T> = start(currentScope(), null, call)

    /**
     * Calls a suspend function like `call(SuspendCall)`, with a name.
     *
     * @param name the name of the task, and the `CoroutineName` in the function
     * @param call passes its continuation on to the function
     * @return the started task
     * @throws IllegalArgumentException if `name` is blank
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun <T> call(name: String, call: SuspendCall<T>): Task<T> =
        start(currentScope(), checked(name), call)

    /**
     * Calls a suspend function like `call(SuspendCall)`, in a scope of your choice.
     *
     * @param scope the scope of the task
     * @param call passes its continuation on to the function
     * @return the started task
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun <T> call(scope: TaskScope, call: SuspendCall<T>): Task<T> =
        start(checked(scope), null, call)

    /**
     * Calls a suspend function like `call(SuspendCall)`, in a scope of your choice and with a name.
     *
     * @param scope the scope of the task
     * @param name the name of the task, and the `CoroutineName` in the function
     * @param call passes its continuation on to the function
     * @return the started task
     * @throws IllegalArgumentException if `name` is blank
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun <T> call(scope: TaskScope, name: String, call: SuspendCall<T>): Task<T> =
        start(checked(scope), checked(name), call)

    /**
     * Calls a suspend function without a result, like `call`. `Unit` becomes `Void`.
     *
     * ```java
     * Task<Void> saved = Suspend.launch(c -> repository.save(user, c));
     * ```
     *
     * If the function fails and nothing waits for the task or has a callback on it, the failure is
     * reported at once to the failure listener of the scope, as that of `TaskScope.launch`.
     *
     * @param action passes its continuation on to the function
     * @return the started task; its value is null
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun launch(action: SuspendAction): Task<Void?> = start(currentScope(), null, action)

    /**
     * Calls a suspend function like `launch(SuspendAction)`, with a name.
     *
     * @param name the name of the task, and the `CoroutineName` in the function
     * @param action passes its continuation on to the function
     * @return the started task; its value is null
     * @throws IllegalArgumentException if `name` is blank
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun launch(name: String, action: SuspendAction): Task<Void?> =
        start(currentScope(), checked(name), action)

    /**
     * Calls a suspend function like `launch(SuspendAction)`, in a scope of your choice.
     *
     * @param scope the scope of the task
     * @param action passes its continuation on to the function
     * @return the started task; its value is null
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun launch(scope: TaskScope, action: SuspendAction): Task<Void?> =
        start(checked(scope), null, action)

    /**
     * Calls a suspend function like `launch(SuspendAction)`, in a scope of your choice and with a
     * name.
     *
     * @param scope the scope of the task
     * @param name the name of the task, and the `CoroutineName` in the function
     * @param action passes its continuation on to the function
     * @return the started task; its value is null
     * @throws IllegalArgumentException if `name` is blank
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    public fun launch(scope: TaskScope, name: String, action: SuspendAction): Task<Void?> =
        start(checked(scope), checked(name), action)

    /**
     * Returns a plan to call a suspend function once for each item, with the limits and policies of
     * any gather. Kotlin has `gatherSuspending`.
     *
     * ```java
     * List<User> users =
     *     Suspend.<Integer, User>gather(scope, ids, (id, c) -> repository.load(id, c)).concurrency(8).all().join();
     * ```
     *
     * Each call is a task of the scope. It holds its permit of a concurrency limit until the
     * function has ended, and holds no thread while it is suspended. Cancelling a child cancels the
     * function as kotlinx.coroutines does: the cancel ends a suspension, and interrupts no thread.
     *
     * @param scope the scope of the tasks
     * @param items what to pass to the function; read as `TaskScope.gather` reads them
     * @param call passes item and continuation on to the function
     * @return the plan
     * @throws IllegalStateException if the scope is closed
     */
    @JvmStatic
    public fun <I : Any, T> gather(
        scope: TaskScope,
        items: Iterable<I>,
        call: SuspendItemCall<in I, T>,
    ): Gather<T> {
        val within = checked(scope)
        requireArgument(items, "items") { notCalled(within) }
        requireArgument(call, "call") { notCalled(within) }
        return within.gatherSuspending(items, EmptyCoroutineContext) { item ->
            @Suppress("UNCHECKED_CAST")
            suspendCoroutineUninterceptedOrReturn {
                (call as SuspendItemCall<Any, T>).call(item, it)
            }
        }
    }

    /**
     * Calls a suspend function, and blocks this thread until the function has ended. Use it in the
     * body of a task, and above all in a child of a gather.
     *
     * ```java
     * List<User> users =
     *     scope.gather(ids, id -> Suspend.<User>runBlocking(c -> repository.load(id, c))).concurrency(8).all().join();
     * ```
     *
     * Unlike `call(...).join()`, this call owns the function. If the waiting task is cancelled or
     * the thread is interrupted, it cancels the function for the same reason, and returns when the
     * function has ended. The wait does not starve the pool of the engine, but `runBlocking` of
     * kotlinx.coroutines can.
     *
     * @param call passes its continuation on to the function; called once, on the scope's executor
     *   or, in a scope made by `asTaskScope`, on the dispatcher of the coroutine scope
     * @return the function's result
     * @throws Exception if the function fails; the original exception
     * @throws io.github.coro4j.TaskCancelledException if the function was cancelled
     * @throws io.github.coro4j.WaitInterruptedException if this thread was interrupted without a
     *   cancel of its task; the flag stays set
     * @throws io.github.coro4j.DeadlockException if the function waits for the waiting task; the
     *   function was cancelled, and has ended
     * @throws io.github.coro4j.BlockingRefusedException if a guard refuses the wait; the function
     *   is not called
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    @Throws(Exception::class)
    public fun <T> runBlocking(call: SuspendCall<T>): T = startAndJoin(null, call)

    /**
     * Calls a suspend function like `runBlocking(SuspendCall)`, with a name.
     *
     * @param name the name of the task, and the `CoroutineName` in the function
     * @param call passes its continuation on to the function; called once, on the scope's executor
     * @return the function's result
     * @throws Exception if the function fails; the original exception
     * @throws io.github.coro4j.TaskCancelledException if the function was cancelled
     * @throws io.github.coro4j.WaitInterruptedException if this thread was interrupted
     * @throws io.github.coro4j.DeadlockException if the function waits for the waiting task
     * @throws io.github.coro4j.BlockingRefusedException if a guard refuses the wait; the function
     *   is not called
     * @throws IllegalArgumentException if `name` is blank
     * @throws IllegalStateException if the scope is closed; the function is not called
     */
    @JvmStatic
    @Throws(Exception::class)
    public fun <T> runBlocking(name: String, call: SuspendCall<T>): T =
        startAndJoin(checked(name), call)

    /**
     * Returns what a suspend function must return if Java code implements it with a future.
     *
     * ```java
     * public final class JavaUsers implements Users { // in Kotlin: suspend fun load(id: Int): User
     *   @Override
     *   public Object load(int id, Continuation<? super User> c) {
     *     return Suspend.returning(c, Task.start("load", () -> readUser(id)));
     *   }
     * }
     * ```
     *
     * The calling coroutine owns the future. If the coroutine is cancelled, the future is cancelled
     * for the same reason, and the coroutine goes on when the future is done. It then throws its
     * cancellation, or the exception with which the future failed while it stopped. The coroutine
     * goes on in its own dispatcher, and gets the original exception if the future fails.
     *
     * @param continuation the last argument of the suspend function
     * @param future the work of the function
     * @return what the suspend function must return
     * @throws IllegalArgumentException if `future` is no future of Coro4j
     */
    @JvmStatic
    public fun <T> returning(continuation: Continuation<T>, future: Future<out T>): Any? {
        val job = owned(continuation, future)
        val wait: suspend () -> T = { job.awaitOwned() }
        return wait.startCoroutineUninterceptedOrReturn(continuation)
    }

    /**
     * Returns what a suspend function without a result must return, like `returning`. It drops the
     * value of the future, so a `Task<Void>` is enough.
     *
     * @param continuation the last argument of the suspend function
     * @param future the work of the function
     * @return what the suspend function must return
     * @throws IllegalArgumentException if `future` is no future of Coro4j
     */
    @JvmStatic
    public fun returningUnit(continuation: Continuation<Unit>, future: Future<*>): Any? {
        val job = owned(continuation, future)
        val wait: suspend () -> Unit = { job.awaitOwned() }
        return wait.startCoroutineUninterceptedOrReturn(continuation)
    }
}
