package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
        List<Callable<Object>> bodies = bodies(actor, step, scope);
        List<Integer> indices = IntStream.range(0, bodies.size()).boxed().toList();
        start(actor, step, scope, scope.scope.gather(indices, index -> bodies.get(index).call()));
    }

    /** Bodies without items. */
    private static void bodies(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        start(actor, step, scope, scope.scope.gather(bodies(actor, step, scope)));
    }

    private static List<Callable<Object>> bodies(Actor actor, Plan.Step step, ScopeBook scope) {
        int limit = limit(step);
        PermitBook permits = new PermitBook(actor.ledger, actor.label(step), limit);
        List<Callable<Object>> bodies = new ArrayList<>();
        for (int i = 0; i < step.programs().size(); i++) {
            Callable<Object> body = actor.body(step, i, scope, actor.label(step) + "[" + i + "]");
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

    private static void start(Actor actor, Plan.Step step, ScopeBook scope, Gather<Object> bodies) {
        Gather<Object> gather = bodies;
        if (limit(step) != Integer.MAX_VALUE) {
            gather = gather.limit(limit(step));
        }
        if (step.chance(2, 60)) {
            gather = gather.named("g" + step.id());
        }
        actor.made(step, policy(step, gather), scope, Account.Kind.BODY);
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
        Account account = actor.made(step, future, actor.current, Account.Kind.BY_HAND);
        boolean waitsForAll = step.pick(3, 3) != 0;
        if (waitsForAll) {
            account.doneBefore.addAll(children);
        }
        actor.round.whenOver(() -> results(actor, step, account, children));
    }

    /** In the order of the arguments, and the very ends of the children (R18). */
    private static void results(
            Actor actor, Plan.Step step, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        List<?> list = (List<?>) success.value();
        boolean isSettled = step.pick(3, 3) == 2;
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
