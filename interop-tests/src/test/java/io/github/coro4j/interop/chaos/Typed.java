package io.github.coro4j.interop.chaos;

import io.github.coro4j.Combination;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.KeyedGather;
import io.github.coro4j.KeyedPartition;
import io.github.coro4j.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operations that create groups with keys, and combinations of several futures. */
final class Typed {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("keyed", 3, 0, Typed::keyed),
                    new Operation("combine", 3, 0, Typed::combine));

    private Typed() {}

    /** Gathers existing futures by key, perhaps one of them under two keys. */
    private static void keyed(Actor actor, Plan.Step step) {
        List<Account> children = Groups.children(actor, step, 1 + step.pick(0, 4));
        if (children.isEmpty()) {
            return; // some policies refuse this, and another test checks that
        }
        Map<Integer, Future<Object>> futures = new LinkedHashMap<>();
        for (Account child : children) {
            futures.put(futures.size(), child.future);
        }
        KeyedGather<Integer, Object> plan = Gather.keyed(futures);
        int kind = step.pick(3, 6);
        Future<?> future =
                switch (kind) {
                    case 0 -> plan.failFast();
                    case 1 -> plan.settled();
                    case 2 -> plan.firstSuccess();
                    case 3 -> plan.atLeast(1 + step.pick(4, children.size()));
                    case 4 -> plan.until(Gather.When.values()[step.pick(4, 3)]);
                    default -> plan.all();
                };
        Account account =
                actor.ledger.account(
                        future, actor.label(step), actor.current, Account.Kind.BY_HAND);
        if (kind <= 1) {
            account.endsAfter(children);
        }
        if (kind == 1) {
            account.settles(children);
        }
        actor.round.made(step.id(), account);
        actor.round.whenOver(() -> values(actor, account, children));
    }

    /** Checks that each key has the end of the child at its place. */
    private static void values(Actor actor, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        Map<?, ?> values;
        if (success.value() instanceof Map<?, ?> map) {
            values = map;
        } else if (success.value() instanceof Map.Entry<?, ?> entry) {
            values = Collections.singletonMap(entry.getKey(), entry.getValue());
        } else {
            KeyedPartition<?, ?> parts = (KeyedPartition<?, ?>) success.value();
            if (parts.done().size() + parts.pending().size() != children.size()) {
                actor.ledger.wrong(account + " has lost a key: " + parts);
            }
            return;
        }
        values.forEach(
                (key, value) -> {
                    Outcome<Object> end = children.get((Integer) key).future.outcome();
                    boolean isRight =
                            Account.areSame(end, value)
                                    || end instanceof Outcome.Success<Object> has
                                            && has.value() == value;
                    if (!isRight) {
                        actor.ledger.wrong(account + " has " + value + " under " + key);
                    }
                });
    }

    private static void combine(Actor actor, Plan.Step step) {
        List<Account> children = Groups.children(actor, step, 2);
        if (children.size() < 2) {
            return;
        }
        Combination<List<Object>> plan =
                Combination.of(
                        children.get(0).future,
                        children.get(1).future,
                        (a, b) -> {
                            actor.ledger.handedOver(a);
                            actor.ledger.handedOver(b);
                            return Arrays.asList(a, b);
                        });
        boolean failsFast = step.chance(1, 50);
        Future<?> future;
        try {
            future = failsFast ? plan.failFast() : plan.all();
        } catch (IllegalStateException e) {
            // The scope was closed after the start of the group and before the function. The group
            // exists, and no code holds
            // it.
            actor.ledger.mark.unseenGroup();
            throw e;
        }
        Account account =
                actor.ledger.account(
                        future, actor.label(step), actor.current, Account.Kind.BY_HAND);
        if (failsFast) {
            account.endsAfter(children);
        }
        actor.round.made(step.id(), account);
        actor.round.whenOver(
                () -> {
                    if (account.end() instanceof Outcome.Success<Object> success) {
                        List<?> both = (List<?>) success.value();
                        for (int i = 0; i < 2; i++) {
                            if (children.get(i).future.outcome().valueOrThrow() != both.get(i)) {
                                actor.ledger.wrong(account + " combines " + both);
                            }
                        }
                    }
                });
    }
}
