package io.github.coro4j.interop.chaos;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whether the value of a group is what its policy makes of the ends of its children. */
final class GroupResults {
    private GroupResults() {}

    /** In the order of the arguments, and the very ends of the children (R18). */
    static void check(Actor actor, Plan.Step step, Account account, List<Account> children) {
        if (!(account.end() instanceof Outcome.Success<Object> success)) {
            return;
        }
        Object value = success.value();
        List<Outcome<Object>> ends =
                children.stream().map(child -> child.future.outcome()).toList();
        boolean isRight =
                switch (Groups.kindOf(step)) {
                    case Groups.SETTLED -> areSame((List<?>) value, ends);
                    case Groups.FIRST_SUCCESS ->
                            ends.stream().anyMatch(end -> isSuccess(end) && valueOf(end) == value);
                    case Groups.FIRST_DONE -> isOneOf(ends, value);
                    case Groups.AT_LEAST ->
                            ((List<?>) value).size() >= Groups.quorum(step, children.size())
                                    && isSame(
                                            (List<?>) value,
                                            ends.stream().filter(GroupResults::isSuccess).toList());
                    case Groups.BY ->
                            ((List<?>) value).size() == ends.size()
                                    && ((List<?>) value)
                                            .stream().allMatch(each -> isOneOf(ends, each));
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

    private static boolean isOneOf(List<Outcome<Object>> ends, Object each) {
        return ends.stream().anyMatch(end -> Account.areSame(end, each));
    }

    /** The same ends, whatever their exceptions say when they are compared. */
    private static boolean areSame(List<?> values, List<Outcome<Object>> ends) {
        return values.size() == ends.size()
                && IntStream.range(0, values.size())
                        .allMatch(i -> Account.areSame(ends.get(i), values.get(i)));
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
