package io.github.coro4j.interop.chaos;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.GatherPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.TaskScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Operations that create groups. Each books the group, its children when their bodies begin, and its permits. */
final class Groups {
    static final List<Operation> OPERATIONS =
            List.of(
                    new Operation("gather items", 6, 5, Groups::items),
                    new Operation("gather bodies", 3, 5, Groups::bodies),
                    new Operation("gather async", 3, 5, Groups::async),
                    new Operation("gather futures", 6, 0, Groups::futures),
                    new Operation("as completed", 3, 4, Groups::asCompleted),
                    new Operation("hedge", 4, 3, Groups::hedge));

    private Groups() {}

    /** Gathers items, perhaps with a limit and a name. */
    private static void items(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Account> entered = new CopyOnWriteArrayList<>();
        List<Callable<Object>> bodies = bodies(actor, step, scope, entered);
        List<Integer> indices = IntStream.range(0, bodies.size()).boxed().toList();
        // The engine reads an iterable that is not a collection item by item, on the scope's
        // executor.
        Iterable<Integer> items = step.chance(9, 50) ? indices : () -> indices.iterator();
        Gather<Object> gather = scope.scope.gather(items, index -> bodies.get(index).call());
        start(actor, step, scope, gather, entered);
    }

    /** Gathers bodies without items. */
    private static void bodies(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Account> entered = new CopyOnWriteArrayList<>();
        Gather<Object> gather = scope.scope.gather(bodies(actor, step, scope, entered));
        start(actor, step, scope, gather, entered);
    }

    /** Gathers asynchronous work: tasks of the same scope. */
    private static void async(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        // No book knows the children themselves, and the global scope reports them only when they
        // are
        // unreachable, perhaps in a later round.
        if (scope.scope == TaskScope.global()) {
            return;
        }
        List<Account> entered = new CopyOnWriteArrayList<>();
        List<Callable<Object>> bodies = bodies(actor, step, scope, entered);
        Gather<Object> gather =
                scope.scope.gatherAsync(bodies, body -> startedOrCancelled(scope, body));
        start(actor, step, scope, gather, entered);
    }

    private static Future<Object> startedOrCancelled(ScopeBook scope, Callable<Object> body) {
        try {
            return scope.scope.start(body);
        } catch (IllegalStateException closed) {
            return Future.cancelled("the scope was closed");
        }
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
            gather =
                    step.chance(12, 30)
                            ? gather.concurrency(ConcurrencyLimit.of(limit(step)))
                            : gather.concurrency(limit(step));
        }
        if (step.chance(2, 60)) {
            gather = gather.named("g" + step.id());
        }
        begin(actor, step, scope, gather, entered);
    }

    /** Starts a gather with a policy, perhaps with a timeout. */
    static void begin(
            Actor actor,
            Plan.Step step,
            ScopeBook scope,
            Gather<Object> gather,
            List<Account> entered) {
        // The list is live: a thread that sees the end of the group sees all children that began
        // before.
        made(
                actor,
                step,
                policy(actor, step, limited(actor, step, gather), step.programs().size()),
                scope,
                Account.Kind.BODY,
                entered);
    }

    /** Iterates over children as they end. The other children belong to the scope. */
    private static void asCompleted(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Callable<Object>> bodies = bodies(actor, step, scope, new CopyOnWriteArrayList<>());
        Gather<Object> gather = scope.scope.gather(bodies);
        if (limit(step) != Integer.MAX_VALUE) {
            gather = gather.concurrency(limit(step));
        }
        Set<Future<Object>> given = Collections.newSetFromMap(new IdentityHashMap<>());
        Stream<Future<Object>> ends = limited(actor, step, gather).stream();
        int taken = step.pick(10, bodies.size() + 1);
        ends.limit(taken)
                .forEach(
                        end -> {
                            if (!end.isDone() || !given.add(end)) {
                                actor.ledger.wrong(end + " was given out by #" + step.id());
                            }
                            if (end.outcome() instanceof Outcome.Failure<Object> failure) {
                                actor.ledger.handedOver(failure.exception());
                            }
                        });
        if (step.chance(11, 50)) {
            ends.close();
        }
    }

    /** Hedges attempts at the same work. */
    private static void hedge(Actor actor, Plan.Step step) {
        ScopeBook scope = actor.homeOrAround(step);
        List<Callable<Object>> bodies = new ArrayList<>();
        for (int i = 0; i < step.programs().size(); i++) {
            String label = actor.label(step) + "[" + i + "]";
            bodies.add(actor.body(step, i, scope, label));
        }
        Duration delay =
                step.chance(0, 30) ? Duration.ofHours(1) : Duration.ofMillis(step.pick(1, 4));
        Future<?> future =
                scope.scope.hedge(bodies.size(), delay, attempt -> bodies.get(attempt).call());
        Account account = actor.ledger.account(future, actor.label(step), scope, Account.Kind.BODY);
        actor.round.made(step.id(), account);
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
        if (kindOf(step) == SETTLED && !mayTimeOut(step)) {
            account.settles(members);
        }
        actor.round.made(step.id(), account);
        return account;
    }

    static final int ALL = 0;
    static final int FAIL_FAST = 1;
    static final int SETTLED = 2;
    static final int FIRST_SUCCESS = 3;
    static final int FIRST_DONE = 4;
    static final int AT_LEAST = 5;
    static final int UNTIL = 6;
    static final int BY = 7;

    static int kindOf(Plan.Step step) {
        return step.pick(3, 8);
    }

    /** A policy of the user that goes on to the end, and returns all ends as its result. */
    private record AllEnds(Ledger ledger, List<Object> ends)
            implements GatherPolicy<Object, Object> {
        @Override
        public Decision ended(int index, Outcome<Object> outcome) {
            ledger.handedOver(outcome);
            ends.add(outcome);
            return Decision.GO_ON;
        }

        @Override
        public Object result() {
            return ends;
        }
    }

    /** Adds perhaps a timeout, and a listener whose calls the book checks. */
    private static Gather<Object> limited(Actor actor, Plan.Step step, Gather<Object> plan) {
        Gather<Object> gather = plan;
        if (step.chance(5, 25)) {
            Duration limit =
                    step.chance(6, 50)
                            ? Duration.ofHours(1)
                            : Duration.ofMillis(1 + step.pick(7, 4));
            gather = gather.timeout(limit);
        }
        if (step.chance(8, 25)) {
            gather = gather.onProgress(new ProgressBook(actor.ledger, actor.label(step)));
        }
        return gather;
    }

    /** Returns whether the group may be done before its children (R32). */
    private static boolean mayEndEarly(Plan.Step step) {
        return switch (kindOf(step)) {
            case ALL, UNTIL, FIRST_SUCCESS, FIRST_DONE, AT_LEAST -> true;
            default -> mayTimeOut(step);
        };
    }

    /** Returns whether the group has a timeout that may pass within the round. */
    static boolean mayTimeOut(Plan.Step step) {
        return step.chance(5, 25) && !step.chance(6, 50);
    }

    static int quorum(Plan.Step step, int size) {
        return 1 + step.pick(4, size);
    }

    private static Future<?> policy(Actor actor, Plan.Step step, Gather<Object> gather, int size) {
        return switch (kindOf(step)) {
            case ALL -> gather.all();
            case FAIL_FAST -> gather.failFast();
            case FIRST_SUCCESS -> gather.firstSuccess();
            case FIRST_DONE -> gather.firstDone();
            case AT_LEAST -> gather.atLeast(quorum(step, size));
            case UNTIL -> gather.until(Gather.When.values()[step.pick(4, 3)]);
            case BY -> gather.using(() -> new AllEnds(actor.ledger, new ArrayList<>()));
            default -> gather.settled();
        };
    }

    /** Returns at most the given number of existing futures, perhaps one of them twice. */
    static List<Account> children(Actor actor, Plan.Step step, int count) {
        List<Account> children = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Account child = actor.target(step.other(step.pick(10 + i, 8)));
            if (child != null) {
                children.add(child);
            }
        }
        return children;
    }

    /** Gathers existing futures of any kind, perhaps one of them twice. The group ends after them. */
    private static void futures(Actor actor, Plan.Step step) {
        List<Account> children = children(actor, step, step.pick(0, 5));
        Gather<Object> gather = Gather.of(children.stream().map(each -> each.future).toList());
        boolean needsOne = kindOf(step) >= FIRST_SUCCESS && kindOf(step) <= AT_LEAST;
        if (needsOne && children.isEmpty()) {
            return; // the engine refuses this, and another test checks that
        }
        Future<?> future = policy(actor, step, limited(actor, step, gather), children.size());
        Account account = made(actor, step, future, actor.current, Account.Kind.BY_HAND, children);
        actor.round.whenOver(() -> GroupResults.check(actor, step, account, children));
    }
}
