package io.github.coro4j.interop.chaos

import io.github.coro4j.DeadlockException
import io.github.coro4j.Task
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

/**
 * Work that suspends. A suspend body performs it itself. Other actors launch a coroutine for it.
 */
internal fun interface SuspendingWork : Operation.Work {
    suspend fun performSuspending(actor: Actor, step: Plan.Step)

    override fun perform(actor: Actor, step: Plan.Step) = Coroutines.launch(actor, step, this)
}

/** Suspending work that owns the work that it starts, so that its cancel reaches that work. */
internal class Owning(private val work: SuspendingWork) : SuspendingWork by work {
    override fun perform(actor: Actor, step: Plan.Step) = Coroutines.launch(actor, step, this)
}

/** Returns a suspend body that runs a program, like [Actor.body]. */
internal fun Actor.suspendBody(
    step: Plan.Step,
    program: Int,
    scope: ScopeBook,
    label: String,
    enters: (Account) -> Unit = {},
): suspend () -> Any? = {
    val task = Task.current()!!
    val account = ledger.account(task, label, scope, Account.Kind.BODY)
    enters(account)
    if (task.scope() !== scope.scope)
        ledger.wrong("$label runs in ${task.scope()}, and not in $scope")
    runSuspending(step, step.programs[program], scope, account)
}

/** Runs a program as the suspend body of the account's future. */
internal suspend fun Actor.runSuspending(
    step: Plan.Step,
    program: Plan.Program,
    scope: ScopeBook,
    account: Account,
): Any? {
    account.body.suspending()
    account.body.entered()
    round.inside.incrementAndGet()
    try {
        inside(step, scope).performSuspending(program.steps)
        return end(program.end, account.label)
    } catch (e: Throwable) {
        account.body.threw(e)
        throw e
    } finally {
        round.inside.decrementAndGet()
        account.body.left()
    }
}

private suspend fun Actor.performSuspending(steps: List<Plan.Step>) {
    for (step in steps) {
        val task = Task.current()
        val work = step.operation.work
        if (work is SuspendingWork) {
            round.trail(step)
            try {
                work.performSuspending(this, step)
            } catch (e: Exception) {
                // The operation has already checked the exception.
                took(step, e)
            }
        } else {
            perform(listOf(step))
        }
        if (Task.current() !== task)
            ledger.wrong("after step #${step.id} the body of $task is that of ${Task.current()}")
    }
}

/** Ends a suspend body like [BodyEnd.end]. A body that waits is suspended. */
private suspend fun Actor.end(end: BodyEnd, name: String): Any? {
    val value = "value of $name"
    when (end) {
        BodyEnd.BLOCK -> round.awaitEnding()
        BodyEnd.BLOCK_A_LITTLE -> pause(2)
        BodyEnd.PARK -> while (!round.ended.isOpen && currentCoroutineContext().isActive) pause(1)
        BodyEnd.SPIN ->
            while (!round.ended.isOpen) {
                currentCoroutineContext().ensureActive()
                pause(0)
            }
        BodyEnd.SWALLOW ->
            try {
                round.awaitEnding()
            } catch (e: CancellationException) {
                return "$value in spite of all"
            }
        BodyEnd.THROW_IN_CLEAN_UP ->
            try {
                pause(3)
            } finally {
                throw ChaosFailure("thrown by the clean-up of $name")
            }
        else -> return end.end(round, name)
    }
    return value
}

/**
 * Waits on another dispatcher. An executor that runs work on the caller's stack would otherwise run
 * the rest of the coroutine on the thread of kotlinx's timer, and block it.
 */
internal suspend fun pause(millis: Long) = withContext(Dispatchers.IO) { delay(millis) }

/** Suspends until the round ends, and resumes on another thread for the same reason. */
private suspend fun Round.awaitEnding() = suspendCancellableCoroutine { coroutine ->
    whenEnding { Dispatchers.IO.dispatch(coroutine.context) { coroutine.resume(Unit) } }
}

/**
 * Waits, and checks that an exception is the future's end or the waiter's own cancellation. The
 * body may end with that exception.
 */
internal suspend fun Actor.awaitIn(step: Plan.Step, account: Account, wait: suspend () -> Any?) {
    val thrown =
        try {
            return account.sawValue(wait())
        } catch (e: Throwable) {
            e
        }
    val isOwn =
        (thrown is CancellationException && currentCoroutineContext().job.isCancelled ||
            thrown is DeadlockException) && !account.hasEndedWith(thrown)
    if (!isOwn) account.sawOriginal(thrown)
    // This swallows an error of a body. Outside a body it would end a thread of the round.
    if (thrown is Exception) took(step, thrown) else ledger.handedOver(thrown)
}
