package io.github.coro4j.interop.chaos;

import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import java.util.List;

/** Operations on promises. Each books a call that returned true. Exactly one call may end a promise, with that end. */
final class Promises {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("promise", 5, 0, Promises::create),
                    new Operation("end a promise", 5, 0, Promises::end),
                    new Operation("race for a promise", 2, 0, Promises::race));

    private Promises() {}

    /** Creates a promise that a step may end. Otherwise the round ends it. */
    private static Account create(Actor actor, Plan.Step step) {
        Account account = actor.made(step, Promise.create(), actor.current, Account.Kind.BY_HAND);
        account.requests.promise();
        actor.round.whenEnding(() -> end(actor, step, account, 2 + step.pick(0, 3)));
        return account;
    }

    /** Completes, fails or cancels a promise. */
    private static void end(Actor actor, Plan.Step step) {
        Account account = actor.target(step, each -> each.future instanceof Promise);
        if (account != null) {
            end(actor, step, account, step.pick(0, 5));
        }
    }

    /** Three threads race to end a new promise. */
    private static void race(Actor actor, Plan.Step step) {
        Account account = create(actor, step);
        for (int i = 0; i < 3; i++) {
            int way = step.pick(i, 5);
            actor.round.aside(() -> end(actor, step, account, way));
        }
    }

    private static Throwable failure(Actor actor, Plan.Step step) {
        String what = "promise failed by #" + step.id();
        int kind = step.pick(7, 10);
        if (Switches.BROKEN_EXCEPTIONS && kind < 2) {
            return Broken.failure(step.pick(8, 4), what);
        }
        if (Switches.SHARED_EXCEPTIONS && kind == 2) {
            return actor.round.shared.pick(step.pick(8, 3));
        }
        return new ChaosFailure(what);
    }

    private static void end(Actor actor, Plan.Step step, Account account, int way) {
        Promise<Object> promise = (Promise<Object>) account.future;
        switch (way) {
            case 0 -> {
                String reason = actor.ledger.reason("promise cancelled by #" + step.id());
                account.requests.cancelled(promise.cancel(reason));
            }
            case 1, 2 -> {
                Throwable failure = failure(actor, step);
                if (promise.fail(failure)) {
                    account.requests.endedBy(new Outcome.Failure<>(failure));
                }
            }
            default -> {
                Object value = "promise completed by #" + step.id() + new Object();
                if (promise.complete(value)) {
                    account.requests.endedBy(new Outcome.Success<>(value));
                }
            }
        }
    }
}
