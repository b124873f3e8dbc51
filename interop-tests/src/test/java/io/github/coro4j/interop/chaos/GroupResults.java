package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Checks the value of a group against its policy and the ends of its children. */
final class GroupResults {
    private GroupResults() {}

    /** Checks that the value has the ends of the children, the same objects, in the order of the arguments (R18). */
    static void check(Actor actor, Plan.Step step, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        Object value = success.value();
        List<Outcome<Object>> ends =
                children.stream().map(child -> child.future.outcome()).toList();
        boolean isRight =
                switch (Groups.kindOf(step)) {
                    case Groups.SETTLED -> areSame(step, (List<?>) value, ends);
                    case Groups.FIRST_SUCCESS ->
                            ends.stream().anyMatch(end -> isSuccess(end) && valueOf(end) == value);
                    case Groups.FIRST_DONE -> isOneOf(ends, value);
                    case Groups.AT_LEAST ->
                            ((List<?>) value).size() >= Groups.quorum(step, children.size())
                                    && areResults((List<?>) value, ends);
                    case Groups.BY ->
                            ((List<?>) value).size() == ends.size()
                                    && ((List<?>) value)
                                            .stream()
                                                    .allMatch(
                                                            each ->
                                                                    isOneOf(ends, each)
                                                                            || isStopping(
                                                                                    step, each));
                    case Groups.UNTIL -> isPartition((Partition<?>) value, children);
                    default -> isSame((List<?>) value, ends);
                };
        if (!isRight) {
            actor.ledger.wrong(
                    account
                            + " has "
                            + RoundReport.shown(value)
                            + ", and its children are "
                            + children);
        }
    }

    /** Returns whether the partition has each child once, in order, and only done children among the done. */
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

    private static boolean isOneOf(List<Outcome<Object>> ends, Object each) {
        return ends.stream().anyMatch(end -> Account.areSame(end, each));
    }

    /** Returns whether the lists have the same ends. It does not call {@code equals} of exceptions. */
    private static boolean areSame(Plan.Step step, List<?> values, List<Outcome<Object>> ends) {
        return values.size() == ends.size()
                && IntStream.range(0, values.size())
                        .allMatch(
                                i ->
                                        Account.areSame(ends.get(i), values.get(i))
                                                || isStopping(step, values.get(i)));
    }

    /** Returns whether the value may be that of a child that was still stopping at the timeout (R32). */
    private static boolean isStopping(Plan.Step step, Object value) {
        return Groups.mayTimeOut(step)
                && value instanceof Outcome.Cancelled<?> cancelled
                && cancelled.cancellation().getMessage().contains("still stopping");
    }

    /** Returns whether the values are those of children that succeeded, in order. A child may succeed too late. */
    private static boolean areResults(List<?> values, List<Outcome<Object>> ends) {
        int at = 0;
        for (Outcome<Object> end : ends) {
            if (at < values.size() && isSuccess(end) && valueOf(end) == values.get(at)) {
                at++;
            }
        }
        return at == values.size();
    }

    /** Returns whether the lists have the same objects. */
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
