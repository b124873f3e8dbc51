package io.github.coro4j.interop.chaos;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/** Operations on scopes. They book the opening of a scope, the start of its close, and the return of its close. */
final class Scopes {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("open a scope", 5, 1, Scopes::open),
                    new Operation("run", 4, 1, Scopes::run),
                    new Operation("join a scope", 2, 0, Scopes::join),
                    new Operation("cancel a scope", 1, 0, Scopes::cancel),
                    new Operation("close a scope", 2, 0, Scopes::close),
                    new Operation("look at a scope", 2, 0, Scopes::look));

    private Scopes() {}

    /** Opens a scope with settings of its own, performs the program in it, and closes it. */
    private static void open(Actor actor, Plan.Step step) throws Exception {
        TaskScope.Builder builder = actor.builder(step);
        Round round = actor.round;
        ExecutorKind bodies = null;
        if (step.chance(0, 30)) {
            bodies = ExecutorKind.forBodies(step.pick(1, 100));
            builder.executor(round.bodyExecutor(bodies, step));
        }
        if (step.chance(2, 20)) {
            ExecutorKind kind = ExecutorKind.forCallbacks(step.pick(3, 100));
            builder.callbackExecutor(round.callbackExecutor(kind, step));
        }
        if (step.chance(4, 15)) {
            boolean isLong = step.chance(5, 40);
            builder.deadline(isLong ? Duration.ofHours(1) : Duration.ofMillis(1 + step.pick(6, 8)));
        }
        ScopeBook around = actor.current.isGlobal ? null : actor.current;
        ScopeBook book = new ScopeBook(actor.ledger, builder.open(), around);
        if (bodies == ExecutorKind.DROPPING) {
            book.losesWork();
        }
        try {
            actor.at(book).perform(step.programs().get(0).steps());
        } finally {
            close(actor, book);
        }
    }

    /**
     * Closes a scope on the thread that opened it. A task that waits for that thread makes a circle. Then the round closes it.
     */
    static void close(Actor actor, ScopeBook book) {
        book.closing();
        try {
            book.scope.close();
            book.closed();
        } catch (DeadlockException e) {
            actor.ledger.handedOver(e);
        }
    }

    /** Runs a main body on this thread. */
    private static void run(Actor actor, Plan.Step step) {
        AtomicReference<ScopeBook> opened = new AtomicReference<>();
        AtomicReference<Account> main = new AtomicReference<>();
        ScopeBook around = actor.current.isGlobal ? null : actor.current;
        try {
            TaskScope.run(
                    "s" + step.id(),
                    scope -> {
                        ScopeBook book = new ScopeBook(actor.ledger, scope, around);
                        opened.set(book);
                        String label = actor.label(step);
                        main.set(
                                actor.ledger.account(
                                        Task.current(), label, book, Account.Kind.BODY));
                        try {
                            return actor.run(step, step.programs().get(0), book, main.get());
                        } finally {
                            if (step.programs().get(0).end() == BodyEnd.LEAVE_THE_FLAG) {
                                Thread.interrupted(); // the flag belongs to this thread, and
                                // would stay set
                            }
                            book.closing();
                        }
                    });
        } catch (CompletionException e) {
            // The exception has no wrapper if the main body threw one. The engine counts it as
            // read.
            main.get().sawThrown(e);
            throw e;
        } catch (DeadlockException e) {
            for (Throwable each : e.getSuppressed()) {
                actor.ledger.handedOver(each);
            }
            opened.set(null); // the last task that ends in the scope closes it
            throw e;
        } finally {
            if (opened.get() != null) {
                opened.get().closed();
            }
        }
    }

    private static void join(Actor actor, Plan.Step step) {
        actor.round.scope(step).scope.join();
    }

    private static void cancel(Actor actor, Plan.Step step) {
        String reason = actor.ledger.reason("scope cancelled by #" + step.id());
        actor.round.scope(step).scope.cancel(reason);
    }

    /** Closes a scope in which another thread may still run steps. */
    private static void close(Actor actor, Plan.Step step) {
        ScopeBook book = actor.round.scope(step);
        if (book != actor.round.root || step.chance(1, 10)) {
            if (step.chance(2, 25)) {
                closeAsync(actor, book, step);
                return;
            }
            boolean isInside = book.isAround(actor.current);
            if (!isInside) {
                book.closing();
            }
            if (!step.chance(3, 30)) {
                book.scope.close();
            } else if (!book.scope.close(Duration.ofMillis(step.pick(4, 4)))) {
                return; // the engine finishes the close, and the round closes the scope again
            }
            if (isInside) {
                actor.ledger.wrong(actor.label(step) + " closed " + book + " from inside");
            }
            book.closed();
        }
    }

    /** Closes a scope without waiting, perhaps from inside. Its callback checks the scope. */
    private static void closeAsync(Actor actor, ScopeBook book, Plan.Step step) {
        String reason = actor.ledger.reason("scope closed by #" + step.id());
        book.closing();
        book.scope.closeAsync(reason).addDoneCallback(closed -> book.closed());
    }

    /** Calls toString() and dump(), and books nothing. They must not throw, and they run no code of the round. */
    private static void look(Actor actor, Plan.Step step) {
        actor.round.scope(step).scope.dump();
        TaskScope.global().dump();
    }
}
