package io.github.coro4j.interop.chaos;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import java.util.List;

/** Operations of a body about its own cancel: hooks, which book how often they run, and waits that no cancel ends. */
final class Hooks {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("cancel hook", 4, 0, Hooks::add),
                    new Operation("non-cancellable", 3, 0, Hooks::nonCancellable));

    private Hooks() {}

    /** Adds a hook, which may wait for another future. The body may remove it, or close its registration. */
    private static void add(Actor actor, Plan.Step step) {
        Account account = actor.ledger.known(Task.current());
        if (account == null) {
            return; // no body runs here
        }
        HookBook book = new HookBook(actor.ledger, account, actor.label(step));
        Account awaited = step.chance(0, 30) ? actor.target(step) : null;
        Registration hook =
                Task.onCancel(
                        () -> {
                            book.began();
                            waitFor(awaited);
                            book.ended();
                        });
        actor.ledger.hooks.add(book);
        if (step.chance(1, 20)) {
            book.removed(hook.remove());
        } else if (step.chance(2, 20)) {
            try {
                hook.close();
                book.closed();
            } catch (DeadlockException e) {
                // The hook waits for this body.
            }
        }
    }

    /** Waits for another future, or only looks, as a clean-up. No cancel may end that. */
    private static void nonCancellable(Actor actor, Plan.Step step) throws Exception {
        Account awaited = step.chance(0, 50) ? actor.target(step) : null;
        Task.nonCancellable(
                () -> {
                    Task.checkCancelled();
                    if (Task.current() != null && Thread.currentThread().isInterrupted()) {
                        actor.ledger.wrong(actor.label(step) + " sees an interrupt");
                    }
                    waitFor(awaited);
                    return null;
                });
    }

    private static void waitFor(Account awaited) {
        if (awaited == null) {
            return;
        }
        try {
            awaited.saw(awaited.future.joinOutcome());
        } catch (DeadlockException e) {
            // The other future waits for the task of the hook.
        }
    }
}
