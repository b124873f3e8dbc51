package io.github.coro4j.interop.chaos

import io.github.coro4j.Future
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asDeferred
import io.github.coro4j.coroutines.asFuture
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async

/** Operations with views of a future for another library. They cancel the view or the future. */
internal object Views {
    @JvmField
    val OPERATIONS: List<Operation> =
        listOf(
            Operation("a deferred", 4, 0, ::deferred),
            Operation("of a coroutine", 5, 1, ::ofACoroutine),
            Operation("two views", 3, 0, ::twoViews),
        )

    /** Uses a task as a `Deferred`, which is the same object. */
    private fun deferred(actor: Actor, step: Plan.Step) {
        val account = actor.target(step) ?: return
        val deferred = account.future.asDeferred()
        if (deferred.asFuture() !== account.future)
            actor.ledger.wrong("$account has another deferred")
        if (deferred.isCompleted && !account.seenDone())
            actor.ledger.wrong("the deferred of $account is complete, and $account is not done")
        if (step.chance(0, 50)) {
            val reason = actor.ledger.reason("deferred cancelled by #${step.id}")
            deferred.cancel(CancellationException(reason))
            account.requests.cancelled(true.takeIf { !account.future.isDone } ?: return)
        }
    }

    /**
     * Uses a coroutine of the scope around, or of no scope, as a future, and cancels either of
     * them.
     */
    private fun ofACoroutine(actor: Actor, step: Plan.Step) {
        // A thread that waits for the future does not see that the coroutine needs the scope's
        // executor.
        actor.round.view()
        val home = actor.home
        val isAtHome = step.chance(0, 50) && !home.mayLoseWork()
        val scope = if (isAtHome) home.scope.asCoroutineScope() else CoroutineScope(Dispatchers.IO)
        val booked = CompletableDeferred<Account>()
        val start = if (step.chance(1, 30)) CoroutineStart.LAZY else CoroutineStart.DEFAULT
        val deferred: Deferred<Any?> =
            scope.async(start = start) {
                if (isAtHome && home.hasJobEnded())
                    actor.ledger.wrong("${actor.label(step)} began after the job of $home (R28)")
                val account = booked.await()
                actor.round.trail(step)
                account.body.suspending()
                account.body.entered()
                actor.round.inside.incrementAndGet()
                try {
                    if (step.chance(2, 50)) pause(step.pick(3, 3).toLong())
                    if (step.chance(4, 30)) throw ChaosFailure("thrown by ${actor.label(step)}")
                    "value of ${actor.label(step)} in $home"
                } catch (e: Throwable) {
                    account.body.threw(e)
                    throw e
                } finally {
                    actor.round.inside.decrementAndGet()
                    account.body.left()
                }
            }
        val future =
            try {
                deferred.asFuture()
            } catch (e: Throwable) {
                deferred.cancel()
                throw e
            }
        val account = actor.made(step, future, actor.current, Account.Kind.BY_HAND)
        booked.complete(account)
        val reason = actor.ledger.reason("cancelled as a coroutine by #${step.id}")
        when (step.pick(5, 4)) {
            0 -> actor.round.aside { deferred.cancel(CancellationException(reason)) }
            1 -> actor.round.aside { account.requests.cancelled(future.cancel(reason)) }
            else -> Unit
        }
    }

    /**
     * Makes a `CompletableFuture` of a future, and a future of that, and cancels one of the three.
     */
    private fun twoViews(actor: Actor, step: Plan.Step) {
        val source = actor.target(step) ?: return
        actor.round.view()
        val view = source.future.toCompletableFuture()
        val back: Future<Any?> = Future.from(view)
        val account = actor.made(step, back, actor.current, Account.Kind.BY_HAND)
        actor.round.owed.incrementAndGet()
        view.handle { value, failure -> Deriving.handedOver(actor, value, failure) }
        val reason = actor.ledger.reason("view cancelled by #${step.id}")
        val cancel = Runnable {
            when (step.pick(0, 3)) {
                0 -> view.cancel(step.chance(1, 50))
                1 -> account.requests.cancelled(back.cancel(reason))
                else -> source.requests.cancelled(source.future.cancel(reason))
            }
        }
        if (step.chance(2, 50)) actor.round.aside(cancel) else cancel.run()
    }
}
