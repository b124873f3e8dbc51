package io.github.coro4j.interop.chaos

import io.github.coro4j.Gather
import io.github.coro4j.Task
import io.github.coro4j.WaitInterruptedException
import io.github.coro4j.coroutines.Flows
import io.github.coro4j.coroutines.asFlow
import io.github.coro4j.coroutines.await
import java.util.Collections
import java.util.IdentityHashMap
import java.util.concurrent.Callable
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.take

/** Operations with flows: the children of a group as a flow, and a flow that Java reads. */
internal object Streaming {
    @JvmField
    val OPERATIONS: List<Operation> =
        listOf(
            Operation("flow of futures", 3, 0, SuspendingWork(::flowOfFutures)),
            Operation("flow of bodies", 3, 3, SuspendingWork(::flowOfBodies)),
            Operation("read a flow", 5, 1, ::read),
        )

    /** Collects futures as a flow. An early end cancels the futures that have not ended. */
    private suspend fun flowOfFutures(actor: Actor, step: Plan.Step) {
        val children = Groups.children(actor, step, step.pick(0, 4))
        collect(actor, step, Gather.of(children.map { it.future }), children.size)
    }

    private suspend fun flowOfBodies(actor: Actor, step: Plan.Step) {
        val scope = actor.homeOrAround(step)
        val bodies =
            step.programs.indices.map { i ->
                actor.body(step, i, scope, "${actor.label(step)}[$i]")
            }
        val gather = scope.scope.gather<Any?>(bodies.map { Callable<Any?> { it.call() } })
        collect(actor, step, if (step.chance(0, 50)) gather.concurrency(1) else gather, bodies.size)
    }

    private suspend fun collect(actor: Actor, step: Plan.Step, gather: Gather<*>, size: Int) {
        val given = Collections.newSetFromMap(IdentityHashMap<Any, Boolean>())
        val flow = gather.asFlow()
        val some = if (step.chance(1, 50)) flow else flow.take(1 + step.pick(2, size + 1))
        try {
            some.collect { end ->
                if (!end.isDone || !given.add(end))
                    actor.ledger.wrong("$end was given out by #${step.id}")
                actor.ledger.handedOver(end.outcome() as Any)
            }
        } catch (e: Exception) {
            actor.judge(step, e)
            actor.took(step, e)
        }
    }

    /**
     * Reads a flow. The body belongs to the task that collects the flow, and its value is the last
     * item.
     */
    private fun read(actor: Actor, step: Plan.Step) {
        val scope = actor.homeOrAround(step)
        if (scope.mayLoseWork()) return
        val reading = AtomicReference<Account>()
        val target = actor.target(step)
        val flow =
            flow<Any?> {
                val task = Task.current()!!
                val label = actor.label(step)
                val account = actor.ledger.account(task, label, scope, Account.Kind.BODY)
                reading.set(account)
                account.body.suspending()
                account.body.entered()
                actor.round.inside.incrementAndGet()
                try {
                    repeat(1 + step.pick(0, 3)) { emit(it) }
                    if (target != null && step.chance(1, 50)) emit(target.future.isDone)
                    if (target != null && step.chance(2, 30)) target.future.awaitBooked(target)
                    if (step.chance(3, 30)) throw ChaosFailure("thrown by the flow of $label")
                    emit(null)
                } catch (e: Throwable) {
                    account.body.threw(e)
                    throw e
                } finally {
                    actor.round.inside.decrementAndGet()
                    account.body.left()
                }
            }
        val items = Flows.iterator(scope.scope, flow)
        try {
            var left = step.pick(4, 7)
            while (left-- > 0 && items.hasNext()) items.next()
        } catch (e: CompletionException) {
            reading.get()?.sawThrown(e)
            throw e
        } catch (e: WaitInterruptedException) {
            throw e
        } catch (e: CancellationException) {
            reading.get()?.sawThrown(e)
            throw e
        } finally {
            items.close()
            if (reading.get()?.seenDone() == false)
                actor.ledger.wrong("${reading.get()} was closed, and runs on")
        }
    }

    private suspend fun io.github.coro4j.Future<Any?>.awaitBooked(account: Account) {
        try {
            account.sawValue(await())
        } catch (e: CancellationException) {
            throw e
        } catch (e: Exception) {
            actorless(account, e)
        }
    }

    private fun actorless(account: Account, thrown: Exception) {
        if (!account.hasEndedWith(thrown)) throw thrown
    }
}
