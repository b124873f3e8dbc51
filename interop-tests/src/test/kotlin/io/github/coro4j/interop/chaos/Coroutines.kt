package io.github.coro4j.interop.chaos

import io.github.coro4j.Task
import io.github.coro4j.coroutines.asCoroutineScope
import io.github.coro4j.coroutines.asTaskScope
import io.github.coro4j.coroutines.task
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.future.asCompletableFuture
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Operations with coroutine scopes. A coroutine has a [CoroutineBook]. A task scope of a coroutine
 * scope is booked like any other.
 */
internal object Coroutines {
    private const val WAIT_MILLIS = 5L
    private const val MOST_SECONDS = 60L

    @JvmField
    val OPERATIONS: List<Operation> =
        listOf(
            Operation("a view", 4, 1, ::view),
            Operation("a coroutine scope", 4, 2, Owning(::within)),
        )

    /**
     * Launches a coroutine in the scope around, or in a coroutine scope outside all task scopes,
     * and perhaps cancels it. The reason for a coroutine that only waits is not booked, so no
     * future may have it.
     */
    fun launch(actor: Actor, step: Plan.Step, work: SuspendingWork) {
        val ledger = actor.ledger
        val home = actor.home.takeIf { step.chance(301, 50) && !it.mayLoseWork() }
        val scope = home?.scope?.asCoroutineScope() ?: CoroutineScope(Dispatchers.IO)
        if (home != null) actor.round.unseenWaits()
        val own = actor.inside(step, home ?: actor.round.global)
        val book = CoroutineBook(ledger, actor.label(step), home)
        actor.round.owed.incrementAndGet()
        val job =
            scope.launch(CoroutineName("c" + step.id)) {
                book.entered()
                try {
                    try {
                        work.performSuspending(own, step)
                    } catch (e: Exception) {
                        ledger.handedOver(e)
                        Broken.causeOf(e)?.let(ledger::handedOver)
                    }
                    if (home != null && step.chance(302, 15)) {
                        throw ChaosFailure("thrown by ${actor.label(step)}").also(book::threw)
                    }
                } finally {
                    book.left()
                }
            }
        book.launched(job::isCompleted)
        job.invokeOnCompletion { actor.round.owed.decrementAndGet() }
        if (step.chance(303, 40)) {
            val reason = "the coroutine of #${step.id} was cancelled"
            if (work is Owning) ledger.reason(reason)
            actor.round.aside { job.cancel(CancellationException(reason)) }
        }
    }

    /**
     * Opens a coroutine scope, as a screen does, and a task scope for its work. It ends the scope
     * while other threads may start work: by a cancel, by the end of its job, or by a close.
     */
    private fun view(actor: Actor, step: Plan.Step) {
        val job: CompletableJob = if (step.chance(0, 50)) SupervisorJob() else Job()
        // Suspend bodies run on this dispatcher, and sometimes block.
        val view = CoroutineScope(Dispatchers.IO + job)
        val scope =
            if (step.chance(1, 30)) {
                val kind = ExecutorKind.forBodies(step.pick(2, 97)) // no executor that drops work
                val executor = actor.round.bodyExecutor(kind, step)
                view.asTaskScope("v${step.id}", executor, null, actor.ledger.listener())
            } else view.asTaskScope("v${step.id}", failureListener = actor.ledger.listener())
        val book = ScopeBook(actor.ledger, scope, null)
        val reason = actor.ledger.reason("the view of #${step.id} is gone")
        val cancel = {
            book.closing()
            view.cancel(CancellationException(reason))
        }
        if (step.chance(3, 30)) actor.round.aside(cancel)
        try {
            actor.at(book).perform(step.programs[0].steps)
        } finally {
            when (step.pick(4, 3)) {
                0 -> cancel()
                1 -> {
                    book.closing()
                    job.complete()
                    if (awaitEnd(actor, step, job)) {
                        book.jobHasEnded()
                        nothingRunsOn(actor, book)
                    }
                }
                else -> actor.round.whenEnding(cancel)
            }
            Scopes.close(actor, book)
        }
    }

    /**
     * Waits until the job has ended, and returns whether it has. The engine does not see this wait,
     * nor a circle with it. An interrupt or a cancel of the waiting task ends such a circle, and
     * the round tries both at its end.
     */
    private fun awaitEnd(actor: Actor, step: Plan.Step, job: Job): Boolean {
        actor.round.unseenWaits()
        val over = job.asCompletableFuture().handle { _, _ -> }
        val giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS)
        while (Task.current()?.isCancelling != true) {
            try {
                over.get(WAIT_MILLIS, TimeUnit.MILLISECONDS)
                return true
            } catch (e: TimeoutException) {
                if (System.nanoTime() > giveUp) {
                    actor.ledger.stuck("the job of ${actor.label(step)}")
                    return false
                }
            } catch (e: InterruptedException) {
                Thread.currentThread().interrupt()
                return false
            }
        }
        return false
    }

    private fun nothingRunsOn(actor: Actor, book: ScopeBook) {
        for (each in actor.ledger.accounts) {
            if (each.scope === book && each.kind == Account.Kind.BODY && !each.future.isDone)
                actor.ledger.wrong("the coroutine scope of $book has ended, and $each runs on")
        }
    }

    /**
     * Runs `coroutineScope { }` around tasks of both languages. It returns once they have ended.
     */
    private suspend fun within(actor: Actor, step: Plan.Step) {
        val around = if (actor.current.isGlobal) null else actor.current
        lateinit var book: ScopeBook
        var refused: IllegalStateException? = null
        try {
            coroutineScope {
                try {
                    val name = "s${step.id}"
                    val scope = asTaskScope(name, failureListener = actor.ledger.listener())
                    book = ScopeBook(actor.ledger, scope, around)
                } catch (e: IllegalStateException) {
                    refused = e // the code below checks its text
                    return@coroutineScope
                }
                try {
                    startBoth(actor, step, book)
                } catch (e: IllegalStateException) {
                    refused = e // another thread has closed the scope
                }
                book.closing()
            }
        } finally {
            refused?.let { actor.judge(step, it) }
            if (refused == null) nothingRunsOn(actor, book)
        }
        if (refused == null) {
            withContext(Dispatchers.IO) { book.scope.close() }
            book.closed()
        }
    }

    private fun startBoth(actor: Actor, step: Plan.Step, book: ScopeBook) {
        val java = actor.body(step, 0, book, actor.label(step))
        actor.made(step, book.scope.start(java), book, Account.Kind.BODY)
        if (step.programs.size > 1) {
            val label = actor.label(step) + "[1]"
            val kotlin = actor.suspendBody(step, 1, book, label)
            // The body sometimes blocks, and Dispatchers.Default has too few threads for that.
            val task = book.scope.task(context = Dispatchers.IO) { kotlin() }
            actor.ledger.account(task, label, book, Account.Kind.BODY)
        }
    }
}
