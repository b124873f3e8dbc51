package io.github.coro4j.interop.docs;

import io.github.coro4j.interop.docs.StateTable.Transition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The rows of a picture of states: each transition is an arrow in a row, and each state is a box over the rows of its
 * arrows. The order of the rows is chosen so that few arrows cross a box.
 */
final class StateRows {
    /** The column of each state. */
    private final Map<String, Integer> columns;

    private final List<List<Transition>> rows = new ArrayList<>();

    private StateRows(Map<String, Integer> columns) {
        this.columns = columns;
    }

    /** Tries the orders of the last states, and of the arrows to each, and returns the rows with the fewest crossings. */
    static StateRows of(StateTable table) {
        List<String> last = new ArrayList<>(table.states());
        last.removeIf(state -> !table.isLast(state));
        Map<String, Integer> columns = table.columns();
        StateRows best = null;
        for (List<String> order : permutations(last)) {
            for (int flips = 0; flips < 1 << order.size(); flips++) {
                StateRows rows = new StateRows(columns);
                rows.arrange(table, order, flips);
                if (best == null || rows.crossings() < best.crossings()) {
                    best = rows;
                }
                if (best.crossings() == 0) {
                    return best;
                }
            }
        }
        return best;
    }

    private static List<List<String>> permutations(List<String> states) {
        if (states.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : states) {
            List<String> others = new ArrayList<>(states);
            others.remove(first);
            for (List<String> rest : permutations(others)) {
                List<String> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                all.add(order);
            }
        }
        return all;
    }

    private void arrange(StateTable table, List<String> order, int flips) {
        Comparator<Transition> byColumn = Comparator.comparingInt(each -> columnOf(each.state()));
        for (int i = 0; i < order.size(); i++) {
            String state = order.get(i);
            table.moves().stream()
                    .filter(each -> each.next().equals(state))
                    .sorted((flips >> i & 1) == 0 ? byColumn : byColumn.reversed())
                    .forEach(each -> rows.add(new ArrayList<>(List.of(each))));
        }
        table.moves().stream().filter(each -> !order.contains(each.next())).forEach(this::fitIn);
    }

    /** Puts an arrow in a row of its target that has room for it, or in a new row. */
    private void fitIn(Transition arrow) {
        List<Integer> candidates = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            boolean hasRoom = rows.get(row).stream().noneMatch(each -> overlap(each, arrow));
            if (hasRoom && rows.get(row).stream().anyMatch(each -> touches(each, arrow.next()))) {
                candidates.add(row);
            }
        }
        if (candidates.isEmpty()) {
            rows.add(lastRow(arrow.next()) + 1, new ArrayList<>(List.of(arrow)));
        } else {
            rows.get(candidates.get(candidates.size() / 2)).add(arrow);
        }
    }

    private boolean overlap(Transition one, Transition other) {
        return Math.max(left(one), left(other)) < Math.min(right(one), right(other));
    }

    private static boolean touches(Transition arrow, String state) {
        return arrow.state().equals(state) || arrow.next().equals(state);
    }

    int columnOf(String state) {
        return columns.get(state);
    }

    /** Returns the left column of an arrow, which leads to the right unless the states form a circle. */
    int left(Transition arrow) {
        return Math.min(columnOf(arrow.state()), columnOf(arrow.next()));
    }

    int right(Transition arrow) {
        return Math.max(columnOf(arrow.state()), columnOf(arrow.next()));
    }

    private int crossings() {
        int crossings = 0;
        for (int row = 0; row < rows.size(); row++) {
            for (Transition arrow : rows.get(row)) {
                for (String state : columns.keySet()) {
                    int column = columnOf(state);
                    if (left(arrow) < column
                            && column < right(arrow)
                            && firstRow(state) <= row
                            && row <= lastRow(state)) {
                        crossings++;
                    }
                }
            }
        }
        return crossings;
    }

    int count() {
        return rows.size();
    }

    List<Transition> row(int row) {
        return Collections.unmodifiableList(rows.get(row));
    }

    int firstRow(String state) {
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row).stream().anyMatch(each -> touches(each, state))) {
                return row;
            }
        }
        return rows.size();
    }

    int lastRow(String state) {
        for (int row = rows.size() - 1; row >= 0; row--) {
            if (rows.get(row).stream().anyMatch(each -> touches(each, state))) {
                return row;
            }
        }
        return rows.size() - 1;
    }
}
