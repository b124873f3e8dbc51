package io.github.coro4j.interop.chaos;

import java.util.List;

/** Operations that cancel. Each books the answer of the call: true means no success, false means done. */
final class Stopping {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("cancel", 2, 0, Stopping::cancel),
                    new Operation("cancel with a reason", 4, 0, Stopping::cancelWithReason),
                    new Operation("cancel without an interrupt", 2, 0, Stopping::cancelFalse),
                    new Operation("cancel and join", 3, 0, Stopping::cancelAndJoin),
                    new Operation("interrupt a thread", 1, 0, Stopping::interrupt));

    private Stopping() {}

    private static void cancel(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            account.requests.cancelled(account.future.cancel());
        }
    }

    private static void cancelWithReason(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            String reason = actor.ledger.reason("cancelled by #" + step.id());
            account.requests.cancelled(account.future.cancel(reason));
        }
    }

    private static void cancelFalse(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            account.requests.cancelled(account.future.cancel(false));
        }
    }

    private static void cancelAndJoin(Actor actor, Plan.Step step) {
        Account account = actor.target(step);
        if (account != null) {
            String reason = actor.ledger.reason("cancelled and joined by #" + step.id());
            account.saw(account.future.cancelAndJoin(reason));
            account.seenDone();
        }
    }

    /** Interrupts a thread of the round. */
    private static void interrupt(Actor actor, Plan.Step step) {
        actor.round.interrupt(step.pick(0, 3));
    }
}
