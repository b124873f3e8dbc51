package io.github.coro4j.interop.chaos

import io.github.coro4j.DeadlockException
import io.github.coro4j.Task
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.task
import java.util.concurrent.atomic.AtomicReferenceArray
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers

/**
 * Operations in which coroutines wait for themselves or for each other. One wait must throw (R25).
 */
internal object Circles {
    @JvmField
    val OPERATIONS: List<Operation> =
        listOf(
            Operation(
                "stop itself",
                Switches.weight(Switches.CIRCLES_OF_COROUTINES, 2),
                0,
                ::stopItself,
            ),
            Operation(
                "stop each other",
                Switches.weight(Switches.CIRCLES_OF_COROUTINES, 2),
                0,
                ::stopEachOther,
            ),
        )

    /** Cancels and awaits its own task, which can never end while it waits. */
    private fun stopItself(actor: Actor, step: Plan.Step) {
        val scope = actor.home
        if (scope.mayLoseWork()) return
        val reason = actor.ledger.reason("stopped by itself, #${step.id}")
        val label = actor.label(step)
        val task =
            scope.scope.task<Any?>(context = Dispatchers.IO) {
                stop(actor, scope, label, Task.current()!!, reason)
            }
        actor.made(step, task, scope, Account.Kind.BODY)
    }

    /** Starts two tasks, each of which cancels and awaits the other. */
    private fun stopEachOther(actor: Actor, step: Plan.Step) {
        val scope = actor.home
        if (scope.mayLoseWork()) return
        val reason = actor.ledger.reason("stopped by the other one, #${step.id}")
        val tasks = AtomicReferenceArray<Task<Any?>>(2)
        val started = CompletableDeferred<Unit>()
        try {
            for (i in 0..1) {
                val label = "${actor.label(step)}[$i]"
                val task =
                    scope.scope.task<Any?>(context = Dispatchers.IO) {
                        started.await()
                        stop(actor, scope, label, tasks.get(1 - i), reason)
                    }
                tasks.set(i, task)
                actor.ledger.account(task, label, scope, Account.Kind.BODY)
            }
        } finally {
            started.complete(Unit)
        }
    }

    /** Ends with the deadlock, with the cancel, or with the end of the other task. */
    private suspend fun stop(
        actor: Actor,
        scope: ScopeBook,
        label: String,
        whom: Task<*>?,
        reason: String,
    ): Any? {
        val account = actor.ledger.account(Task.current()!!, label, scope, Account.Kind.BODY)
        account.body.suspending()
        account.body.entered()
        try {
            whom?.cancelAndAwait(reason)
            if (whom === Task.current())
                actor.ledger.wrong("$account has waited for its own end (R25)")
            return "value of $label"
        } catch (e: DeadlockException) {
            actor.ledger.handedOver(e)
            return "value of $label, with a deadlock"
        } catch (e: Throwable) {
            account.body.threw(e)
            throw e
        } finally {
            account.body.left()
        }
    }
}
