package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Operations that make groups. Each books the group, its children as their bodies enter, and its permits. */
final class Groups {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("gather items", 6, 5, Groups::items),
                    new Operation("gather bodies", 3, 5, Groups::bodies),
                    new Operation("gather futures", 6, 0, Groups::futures));

    private Groups() {}

    /** A function for items, perhaps with a limit and a name. */
    private static void items(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Account> entered = new CopyOnWriteArrayList<>();
        List<Callable<Object>> bodies = bodies(actor, step, scope, entered);
        List<Integer> indices = IntStream.range(0, bodies.size()).boxed().toList();
        Gather<Object> gather = scope.scope.gather(indices, index -> bodies.get(index).call());
        start(actor, step, scope, gather, entered);
    }

    /** Bodies without items. */
    private static void bodies(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Account> entered = new CopyOnWriteArrayList<>();
        Gather<Object> gather = scope.scope.gather(bodies(actor, step, scope, entered));
        start(actor, step, scope, gather, entered);
    }

    private static List<Callable<Object>> bodies(
            Actor actor, Plan.Step step, ScopeBook scope, List<Account> entered) {
        int limit = limit(step);
        PermitBook permits = new PermitBook(actor.ledger, actor.label(step), limit);
        List<Callable<Object>> bodies = new ArrayList<>();
        for (int i = 0; i < step.programs().size(); i++) {
            String label = actor.label(step) + "[" + i + "]";
            Callable<Object> body = actor.body(step, i, scope, label, entered::add);
            bodies.add(
                    () -> {
                        permits.taken();
                        try {
                            return body.call();
                        } finally {
                            permits.givenBack();
                        }
                    });
        }
        return bodies;
    }

    private static int limit(Plan.Step step) {
        return step.chance(0, 60) ? 1 + step.pick(1, 3) : Integer.MAX_VALUE;
    }

    private static void start(
            Actor actor,
            Plan.Step step,
            ScopeBook scope,
            Gather<Object> bodies,
            List<Account> entered) {
        Gather<Object> gather = bodies;
        if (limit(step) != Integer.MAX_VALUE) {
            gather = gather.limit(limit(step));
        }
        if (step.chance(2, 60)) {
            gather = gather.named("g" + step.id());
        }
        // Live: whoever sees the end of the group sees those that began before.
        made(actor, step, policy(step, gather), scope, Account.Kind.BODY, entered);
    }

    private static Account made(
            Actor actor,
            Plan.Step step,
            Future<?> future,
            ScopeBook scope,
            Account.Kind kind,
            List<Account> members) {
        Account account = actor.ledger.account(future, actor.label(step), scope, kind);
        if (!isAll(step)) {
            account.endsAfter(members);
        }
        if (isSettled(step)) {
            account.settles(members);
        }
        actor.round.made(step.id(), account);
        return account;
    }

    private static boolean isAll(Plan.Step step) {
        return step.pick(3, 3) == 0;
    }

    private static boolean isSettled(Plan.Step step) {
        return step.pick(3, 3) == 2;
    }

    private static Future<?> policy(Plan.Step step, Gather<Object> gather) {
        return switch (step.pick(3, 3)) {
            case 0 -> gather.all();
            case 1 -> gather.failFast();
            default -> gather.settled();
        };
    }

    /** Futures that exist: any kind, groups too, and one of them perhaps twice. Those it waits for must end before it. */
    private static void futures(Actor actor, Plan.Step step) {
        List<Account> children = new ArrayList<>();
        int count = step.pick(0, 5);
        for (int i = 0; i < count; i++) {
            Account child = actor.target(step.other(step.pick(10 + i, 8)));
            if (child != null) {
                children.add(child);
            }
        }
        Gather<Object> gather = Gather.of(children.stream().map(each -> each.future).toList());
        Future<?> future = policy(step, gather);
        Account account = made(actor, step, future, actor.current, Account.Kind.BY_HAND, children);
        actor.round.whenOver(() -> results(actor, step, account, children));
    }

    /** In the order of the arguments, and the very ends of the children (R18). */
    private static void results(
            Actor actor, Plan.Step step, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        List<?> list = (List<?>) success.value();
        boolean isSettled = isSettled(step);
        boolean isRight = list.size() == children.size();
        for (int i = 0; isRight && i < list.size(); i++) {
            Outcome<Object> end = children.get(i).future.outcome();
            Object expected = isSettled ? end : valueOf(end);
            Object got = list.get(i);
            isRight = isSettled ? got.equals(expected) : got == expected;
        }
        if (!isRight) {
            actor.ledger.wrong(account + " has " + list + ", and its children are " + children);
        }
    }

    private static Object valueOf(Outcome<Object> end) {
        return end instanceof Outcome.Success<Object> success
                ? success.value()
                : "no value: " + end;
    }
}
