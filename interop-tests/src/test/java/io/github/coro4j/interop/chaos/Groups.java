package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import io.github.coro4j.When;
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
        made(
                actor,
                step,
                policy(step, gather, step.programs().size()),
                scope,
                Account.Kind.BODY,
                entered);
    }

    private static Account made(
            Actor actor,
            Plan.Step step,
            Future<?> future,
            ScopeBook scope,
            Account.Kind kind,
            List<Account> members) {
        Account account = actor.ledger.account(future, actor.label(step), scope, kind);
        if (!mayEndEarly(step)) {
            account.endsAfter(members);
        }
        if (kindOf(step) == SETTLED) {
            account.settles(members);
        }
        actor.round.made(step.id(), account);
        return account;
    }

    private static final int ALL = 0;
    private static final int FAIL_FAST = 1;
    private static final int SETTLED = 2;
    private static final int FIRST_SUCCESS = 3;
    private static final int FIRST_DONE = 4;
    private static final int AT_LEAST = 5;
    private static final int UNTIL = 6;

    private static int kindOf(Plan.Step step) {
        return step.pick(3, 7);
    }

    private static boolean mayEndEarly(Plan.Step step) {
        return kindOf(step) == ALL || kindOf(step) == UNTIL;
    }

    private static int quorum(Plan.Step step, int size) {
        return 1 + step.pick(4, size);
    }

    private static Future<?> policy(Plan.Step step, Gather<Object> gather, int size) {
        return switch (kindOf(step)) {
            case ALL -> gather.all();
            case FAIL_FAST -> gather.failFast();
            case FIRST_SUCCESS -> gather.firstSuccess();
            case FIRST_DONE -> gather.firstDone();
            case AT_LEAST -> gather.atLeast(quorum(step, size));
            case UNTIL -> gather.until(When.values()[step.pick(4, 3)]);
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
        boolean needsOne = kindOf(step) >= FIRST_SUCCESS && kindOf(step) <= AT_LEAST;
        if (needsOne && children.isEmpty()) {
            return; // refused, and a contract test of its own
        }
        Future<?> future = policy(step, gather, children.size());
        Account account = made(actor, step, future, actor.current, Account.Kind.BY_HAND, children);
        actor.round.whenOver(() -> results(actor, step, account, children));
    }

    /** In the order of the arguments, and the very ends of the children (R18). */
    private static void results(
            Actor actor, Plan.Step step, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        Object value = success.value();
        List<Outcome<Object>> ends =
                children.stream().map(child -> child.future.outcome()).toList();
        boolean isRight =
                switch (kindOf(step)) {
                    case SETTLED -> value.equals(ends);
                    case FIRST_SUCCESS ->
                            ends.stream().anyMatch(end -> isSuccess(end) && valueOf(end) == value);
                    case FIRST_DONE -> ends.contains(value);
                    case AT_LEAST ->
                            ((List<?>) value).size() >= quorum(step, children.size())
                                    && isSame(
                                            (List<?>) value,
                                            ends.stream().filter(Groups::isSuccess).toList());
                    case UNTIL -> isPartition((Partition<?>) value, children);
                    default -> isSame((List<?>) value, ends);
                };
        if (!isRight) {
            actor.ledger.wrong(account + " has " + value + ", and its children are " + children);
        }
    }

    /** Each child once, in its order, and none is done that is not. */
    private static boolean isPartition(Partition<?> parts, List<Account> children) {
        List<Future<?>> all = new ArrayList<>();
        children.stream().map(child -> child.future).distinct().forEach(all::add);
        return List.copyOf(parts.done())
                        .equals(all.stream().filter(parts.done()::contains).toList())
                && List.copyOf(parts.pending())
                        .equals(all.stream().filter(parts.pending()::contains).toList())
                && parts.done().size() + parts.pending().size() == all.size()
                && parts.done().stream().allMatch(Future::isDone);
    }

    /** The very objects. */
    private static boolean isSame(List<?> values, List<Outcome<Object>> ends) {
        return values.size() == ends.size()
                && IntStream.range(0, values.size())
                        .allMatch(
                                i ->
                                        isSuccess(ends.get(i))
                                                && values.get(i) == valueOf(ends.get(i)));
    }

    private static boolean isSuccess(Outcome<Object> end) {
        return end instanceof Outcome.Success;
    }

    private static Object valueOf(Outcome<Object> end) {
        return ((Outcome.Success<Object>) end).value();
    }
}
