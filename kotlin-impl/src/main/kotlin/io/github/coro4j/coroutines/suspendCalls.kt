@file:JvmSynthetic

package io.github.coro4j.coroutines

import io.github.coro4j.Future
import io.github.coro4j.Task
import io.github.coro4j.TaskScope
import io.github.coro4j.internal.base.requireArgument
import io.github.coro4j.internal.base.requireName
import io.github.coro4j.internal.coroutine.joinOwned
import io.github.coro4j.internal.job.FutureJob
import io.github.coro4j.internal.job.JobScope
import io.github.coro4j.internal.job.currentScope
import io.github.coro4j.internal.job.jobOf
import io.github.coro4j.internal.job.optionalScope
import io.github.coro4j.internal.wait.GuardedWait
import io.github.coro4j.spi.Label
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

// What the functions of Suspend share: they check arguments, and start calls.

@JvmSynthetic
internal fun <T> owned(continuation: Continuation<*>, future: Future<out T>): FutureJob<T> {
    requireArgument(continuation, "continuation") {
        "pass on the last argument that your suspend function was given; $future runs on"
    }
    requireArgument(future, "future") {
        "return Future.completed(null) for a result that is null"
    }
    return jobOf<T>(future) { "future" }
}

@JvmSynthetic
internal fun <T> start(scope: JobScope, name: String?, call: SuspendCall<T>): Task<T> {
    requireArgument(call, "call") { notCalled(scope) }
    return scope.startSuspending(name, EmptyCoroutineContext, fromJava = true) {
        suspendCoroutineUninterceptedOrReturn { call.call(it) }
    }
}

@JvmSynthetic
internal fun start(scope: JobScope, name: String?, action: SuspendAction): Task<Void?> {
    requireArgument(action, "action") { notCalled(scope) }
    return scope.launchSuspending(name) {
        suspendCoroutineUninterceptedOrReturn<Unit> { action.call(it) }
        null
    }
}

@JvmSynthetic
internal fun notCalled(scope: JobScope) = "no suspend function was called in ${scope.toLabel()}"

@JvmSynthetic
internal fun checked(scope: TaskScope?): JobScope =
    optionalScope(scope) { "no suspend function was called in it" }

@JvmSynthetic
internal fun checked(name: String?): String {
    requireName(name) {
        "no suspend function was called; leave the name out, and the task gets one"
    }
    return name!!
}

/** Starts a call and waits for it, unless a guard refuses the wait. */
@JvmSynthetic
internal fun <T> startAndJoin(name: String?, call: SuspendCall<T>): T {
    val scope = currentScope()
    GuardedWait.ask(scope) {
        if (name == null) "a call of Suspend.runBlocking" else Label.of("task", name)
    }
    return start(scope, name, call).joinOwned()
}
