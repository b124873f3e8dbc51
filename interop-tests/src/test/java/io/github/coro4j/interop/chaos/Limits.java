package io.github.coro4j.interop.chaos;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** Operations under a limit that all of a round share. It has one permit, so the engine sees each circle of waits. */
final class Limits {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("start under the limit", 3, 1, Limits::start),
                    new Operation("gather under the limit", 3, 3, Limits::gather));

    final ConcurrencyLimit limit = ConcurrencyLimit.of("round", 1);
    private final PermitBook permits;

    Limits(Ledger ledger) {
        permits = new PermitBook(ledger, "the limit of the round", 1);
    }

    private Callable<Object> counted(Callable<Object> body) {
        return () -> {
            permits.taken();
            try {
                return body.call();
            } finally {
                permits.givenBack();
            }
        };
    }

    /** Starts a body that waits for the permit. */
    private static void start(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Limits limits = actor.round.limits;
        Callable<Object> body = limits.counted(actor.body(step, 0, scope, actor.label(step)));
        Task<Object> task =
                step.chance(0, 50)
                        ? limits.limit.start(scope.scope, body)
                        : limits.limit.start(scope.scope, "t" + step.id(), body);
        actor.made(step, task, scope, Account.Kind.BODY);
    }

    /** Gathers bodies that wait for the permit one after another. */
    private static void gather(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        Limits limits = actor.round.limits;
        List<Account> entered = new CopyOnWriteArrayList<>();
        List<Callable<Object>> bodies = new ArrayList<>();
        for (int i = 0; i < step.programs().size(); i++) {
            String label = actor.label(step) + "[" + i + "]";
            bodies.add(limits.counted(actor.body(step, i, scope, label, entered::add)));
        }
        Gather<Object> gather = scope.scope.gather(bodies).concurrency(limits.limit);
        Groups.begin(actor, step, scope, gather, entered);
    }
}
