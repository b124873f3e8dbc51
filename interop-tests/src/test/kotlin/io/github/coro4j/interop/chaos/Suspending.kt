package io.github.coro4j.interop.chaos

import io.github.coro4j.DeadlockException
import io.github.coro4j.Gather
import io.github.coro4j.Task
import io.github.coro4j.WaitInterruptedException
import io.github.coro4j.coroutines.Suspend
import io.github.coro4j.coroutines.SuspendCall
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.await
import io.github.coro4j.coroutines.awaitOutcome
import io.github.coro4j.coroutines.cancelAndAwait
import io.github.coro4j.coroutines.gatherSuspending
import io.github.coro4j.coroutines.task
import java.util.concurrent.CompletionException
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicReference
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield

/**
 * Operations of suspend bodies: they start a suspend body, or wait in one. They book the same as
 * those of Java bodies.
 */
internal object Suspending {
    @JvmField
    val OPERATIONS: List<Operation> =
        listOf(
            Operation("task", 8, 1, ::task),
            Operation("gather suspending", 3, 4, ::gatherSuspending),
            Operation("call", 4, 1, ::call),
            Operation("call and block", 4, 1, ::callAndBlock),
            Operation("await", 8, 0, SuspendingWork(::await)),
            Operation("await outcome", 4, 0, SuspendingWork(::awaitOutcome)),
            Operation("await a little", 3, 0, SuspendingWork(::awaitALittle)),
            Operation("await all", 2, 0, SuspendingWork(::awaitAll)),
            Operation("cancel and await", 2, 0, SuspendingWork(::cancelAndAwait)),
            Operation("yield", 2, 0, SuspendingWork(::yieldOften)),
            Operation("return a future", 3, 1, Owning(::returnFuture)),
            Operation("launch a child", 4, 0, SuspendingWork(::launchChild)),
        )

    /** Starts a task in a scope around, with or without a name, perhaps on another dispatcher. */
    private fun task(actor: Actor, step: Plan.Step) {
        val scope = actor.homeOrAround(step)
        if (scope.mayLoseWork()) return
        val body = actor.suspendBody(step, 0, scope, actor.label(step))
        val name = if (step.chance(0, 50)) null else "t" + step.id
        // Bodies block, so a dispatcher with two threads would be too small.
        val context: CoroutineContext =
            when {
                step.chance(1, 15) -> Dispatchers.IO
                Switches.BROKEN_DISPATCHERS && step.chance(2, 25) ->
                    UnrulyDispatcher(step.pick(3, 3), step.pick(4, 4))
                else -> EmptyCoroutineContext
            }
        val task = scope.scope.task(name, context) { body() }
        actor.made(step, task, scope, Account.Kind.BODY)
    }

    /** Gathers suspend bodies, perhaps with a limit. */
    private fun gatherSuspending(actor: Actor, step: Plan.Step) {
        val scope = actor.homeOrAround(step)
        if (scope.mayLoseWork()) return
        val entered = CopyOnWriteArrayList<Account>()
        val bodies =
            step.programs.indices.map {
                actor.suspendBody(step, it, scope, "${actor.label(step)}[$it]", entered::add)
            }
        val gather = scope.scope.gatherSuspending(bodies) { body -> body() }
        val limited = if (step.chance(0, 50)) gather.concurrency(1 + step.pick(1, 3)) else gather
        Groups.begin(actor, step, scope, limited, entered)
    }

    private fun call(actor: Actor, step: Plan.Step) {
        val isHere = step.chance(0, 50)
        val scope = if (isHere) actor.current else actor.homeOrAround(step)
        if (scope.mayLoseWork()) return
        val call = callOf(actor.suspendBody(step, 0, scope, actor.label(step)))
        val task = if (isHere) Suspend.call(call) else Suspend.call(scope.scope, call)
        actor.made(step, task, scope, Account.Kind.BODY)
    }

    /** Returns the call of a suspend function as Java code has it. */
    private fun callOf(body: suspend () -> Any?) = SuspendCall {
        body.startCoroutineUninterceptedOrReturn(it)
    }

    /** Calls a suspend function and blocks. The function has ended once this returns. */
    private fun callAndBlock(actor: Actor, step: Plan.Step) {
        if (actor.current.mayLoseWork()) return
        val called = AtomicReference<Account>()
        val body = actor.suspendBody(step, 0, actor.current, actor.label(step), called::set)
        val thrown =
            try {
                val value = Suspend.runBlocking(callOf(body))
                called.get().sawValue(value)
                return
            } catch (e: Throwable) {
                e
            }
        val account = called.get()
        when {
            account == null -> Unit // the function was cancelled or refused before it began
            !account.seenDone() ->
                actor.ledger.wrong("$account was called, runs on, and the call has thrown $thrown")
            thrown is WaitInterruptedException || thrown is DeadlockException -> Unit
            else -> account.sawOriginal(thrown)
        }
        // The body may end with this exception, which has the form of other waits of a thread.
        throw thrown as? WaitInterruptedException ?: CompletionException("called", thrown)
    }

    // ---- waits, which must not cancel the awaited future

    private suspend fun await(actor: Actor, step: Plan.Step) {
        val account = actor.target(step) ?: return
        if (step.chance(0, 70)) actor.awaitIn(step, account) { account.future.await() }
        else actor.awaitIn(step, account) { account.future.asDeferred().await() }
    }

    private suspend fun awaitOutcome(actor: Actor, step: Plan.Step) {
        val account = actor.target(step) ?: return
        account.saw(account.future.awaitOutcome())
    }

    private suspend fun awaitALittle(actor: Actor, step: Plan.Step) {
        val account = actor.target(step) ?: return
        val millis = 1L + step.pick(0, 3)
        // The end is booked inside, because a cancel or the timeout may drop the result on the way
        // out.
        withContext(Dispatchers.IO) {
            withTimeoutOrNull(millis) { account.saw(account.future.awaitOutcome()) }
        }
    }

    /**
     * Does the same as `awaitAll`, with a group that has an account. The group may fail after its
     * scope is closed.
     */
    private suspend fun awaitAll(actor: Actor, step: Plan.Step) {
        val children = Groups.children(actor, step, step.pick(0, 4))
        val group = Gather.of(children.map { it.future }).all()
        val account = actor.made(step, group, actor.current, Account.Kind.BY_HAND)
        actor.awaitIn(step, account) { account.future.await() }
    }

    private suspend fun cancelAndAwait(actor: Actor, step: Plan.Step) {
        val account = actor.target(step) ?: return
        val reason = actor.ledger.reason("cancelled and awaited by #${step.id}")
        account.saw(account.future.cancelAndAwait(reason))
    }

    /** Yields often, so that an executor may run the coroutine inside its own dispatch. */
    private suspend fun yieldOften(actor: Actor, step: Plan.Step) {
        val task = Task.current()
        withContext(NonCancellable) {
            repeat(1 + step.pick(0, 30)) {
                yield()
                if (Task.current() !== task)
                    actor.ledger.wrong("$task goes on as ${Task.current()}")
            }
        }
    }

    // ---- futures and coroutines that a coroutine owns

    /**
     * Returns a future, as a suspend function in Java does. The task has ended once this goes on.
     */
    private suspend fun returnFuture(actor: Actor, step: Plan.Step) {
        val scope = actor.homeOrAround(step)
        val task = scope.scope.start(actor.body(step, 0, scope, actor.label(step)))
        val account = actor.made(step, task, scope, Account.Kind.BODY)
        actor.awaitIn(step, account) {
            try {
                suspendCoroutineUninterceptedOrReturn { Suspend.returning(it, task) }
            } finally {
                if (!task.isDone) actor.ledger.wrong("$account was returned, and runs on")
            }
        }
    }

    /**
     * Launches a child of this task's body. The task is done after the child, and fails with its
     * failure.
     */
    private suspend fun launchChild(actor: Actor, step: Plan.Step) {
        val task = Task.current() ?: return
        val account = actor.ledger.account(task, "", actor.current, Account.Kind.BODY)
        val target = actor.target(step)
        CoroutineScope(currentCoroutineContext()).launch {
            actor.round.inside.incrementAndGet()
            try {
                if (Task.current() !== task)
                    actor.ledger.wrong("a coroutine of $account is in ${Task.current()}")
                if (target != null && step.chance(0, 50)) target.saw(target.future.awaitOutcome())
                else pause(step.pick(1, 3).toLong())
            } finally {
                actor.round.inside.decrementAndGet()
                if (task.isDone) actor.ledger.wrong("$account is done before its coroutine (R2)")
                if (step.chance(2, 30)) {
                    val failure = ChaosFailure("thrown by a child, #${step.id}")
                    account.body.childThrew(failure)
                    throw failure
                }
            }
        }
    }
}
