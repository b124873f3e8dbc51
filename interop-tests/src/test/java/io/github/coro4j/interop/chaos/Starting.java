package io.github.coro4j.interop.chaos;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Task;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Operations that start tasks. Each books the task, and when its body begins, throws and ends. */
final class Starting {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("start", 10, 1, Starting::start),
                    new Operation("launch", 4, 1, Starting::launch),
                    new Operation("start here", 4, 1, Starting::startHere),
                    new Operation("circle", 1, 0, Starting::circle));

    private Starting() {}

    /** Starts a task in a scope around, with or without a name. */
    private static void start(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<Object> task =
                step.chance(0, 50)
                        ? scope.scope.start(body)
                        : scope.scope.start("t" + step.id(), body);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** Launches a body without a value. */
    private static void launch(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<?> task =
                step.chance(0, 50)
                        ? scope.scope.launch(body::call)
                        : scope.scope.launch("t" + step.id(), body::call);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** Starts a task in the scope of the current task, or in the global scope. */
    private static void startHere(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.current;
        Callable<Object> body = actor.body(step, 0, scope, actor.label(step));
        Task<Object> task =
                step.chance(0, 50) ? Task.start(body) : Task.start("t" + step.id(), body);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /**
     * Starts two to four tasks that wait for each other. All must end, and unless a task was cancelled, one must fail with the
     * deadlock.
     */
    private static void circle(Actor actor, Plan.Step step) {
        int size = 2 + step.pick(0, 3);
        AtomicReferenceArray<Task<Object>> tasks = new AtomicReferenceArray<>(size);
        Latch started = new Latch(actor.ledger, "the start of " + actor.label(step));
        // On an executor that runs work on the caller's stack, this thread would wait for ever.
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
            actor.round.whenOver(() -> checkDeadlock(actor, step, tasks));
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
        account.body.entered();
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
            account.body.threw(e);
            throw e;
        } finally {
            account.body.left();
        }
    }

    private static void checkDeadlock(
            Actor actor, Plan.Step step, AtomicReferenceArray<Task<Object>> tasks) {
        boolean hasCircle = true;
        boolean hasDeadlock = false;
        for (int i = 0; i < tasks.length(); i++) {
            Task<Object> task = tasks.get(i);
            if (!task.isDone()) {
                return; // The audit books this.
            }
            Throwable end = task.exception();
            hasDeadlock |= end instanceof DeadlockException;
            hasCircle &=
                    actor.ledger.account(task, "", actor.home, Account.Kind.BODY).body.hasEntered()
                            && end != null
                            && !(end instanceof CancellationException)
                            && !(end instanceof InterruptedException);
        }
        if (hasCircle && !hasDeadlock) {
            actor.ledger.wrong(
                    actor.label(step)
                            + ": a circle of waits, and no task failed with the deadlock");
        }
    }
}
