package io.github.coro4j.interop.chaos;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Task;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Operations that start tasks. Each books the task, and its body as it enters, throws and leaves. */
final class Starting {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("start", 10, 1, Starting::start),
                    new Operation("launch", 4, 1, Starting::launch),
                    new Operation("start here", 4, 1, Starting::startHere),
                    new Operation("circle", 1, 0, Starting::circle));

    private Starting() {}

    /** In a scope around, with or without a name. */
    private static void start(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<Object> task =
                step.chance(0, 50)
                        ? scope.scope.start(body)
                        : scope.scope.start("t" + step.id(), body);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** A body without a value. */
    private static void launch(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<?> task =
                step.chance(0, 50)
                        ? scope.scope.launch(body::call)
                        : scope.scope.launch("t" + step.id(), body::call);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** Where the engine says that this thread is: in the current task's scope, or in the global one. */
    private static void startHere(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.current;
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<Object> task =
                step.chance(0, 50) ? Task.start(body) : Task.start("t" + step.id(), body);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** Two to four tasks that wait for each other: all end, and if nobody was cancelled, one of them was told. */
    private static void circle(Actor actor, Plan.Step step) {
        int size = 2 + step.pick(0, 3);
        AtomicReferenceArray<Task<Object>> tasks = new AtomicReferenceArray<>(size);
        Latch started = new Latch(actor.ledger, "the start of " + actor.label(step));
        // An executor that runs things on the spot would stand here for ever.
        actor.round.whenEnding(started::open);
        try {
            for (int i = 0; i < size; i++) {
                int next = (i + 1) % size;
                String label = actor.label(step) + "[" + i + "]";
                Task<Object> task =
                        actor.home.scope.start(
                                "circle-" + step.id() + "-" + i,
                                () -> waitFor(actor, label, tasks, next, started));
                tasks.set(i, task);
                actor.ledger.account(task, label, actor.home, Account.Kind.BODY);
            }
            actor.round.whenOver(() -> someoneWasTold(actor, step, tasks));
        } finally {
            started.open();
        }
    }

    private static Object waitFor(
            Actor actor,
            String label,
            AtomicReferenceArray<Task<Object>> tasks,
            int next,
            Latch started)
            throws InterruptedException {
        Account account =
                actor.ledger.account(Task.current(), label, actor.home, Account.Kind.BODY);
        account.entered();
        try {
            started.await();
            Task<Object> other = tasks.get(next);
            if (other == null) {
                return null;
            }
            try {
                return other.join();
            } catch (CompletionException e) {
                actor.ledger.account(other, label, actor.home, Account.Kind.BODY).sawThrown(e);
                throw e;
            }
        } catch (Throwable e) {
            account.threw(e);
            throw e;
        } finally {
            account.left();
        }
    }

    private static void someoneWasTold(
            Actor actor, Plan.Step step, AtomicReferenceArray<Task<Object>> tasks) {
        boolean stoodInACircle = true;
        boolean told = false;
        for (int i = 0; i < tasks.length(); i++) {
            Task<Object> task = tasks.get(i);
            if (!task.isDone()) {
                return; // the audit tells
            }
            Throwable end = task.exception();
            told |= end instanceof DeadlockException;
            stoodInACircle &=
                    actor.ledger.account(task, "", actor.home, Account.Kind.BODY).hasEntered()
                            && end != null
                            && !(end instanceof CancellationException)
                            && !(end instanceof InterruptedException);
        }
        if (stoodInACircle && !told) {
            actor.ledger.wrong(actor.label(step) + ": a circle of waits, and nobody was told");
        }
    }
}
