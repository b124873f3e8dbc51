package io.github.coro4j.interop.gather;

import io.github.coro4j.Gather.When;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes the tables of docs/gather.md from what has been played. Each table belongs to a heading of the page. */
final class GatherTables {
    private static final String SHARED = "## For every policy";
    private static final String UNTIL = "## until(When)";

    /** What was played, by situation and then by policy. */
    private final Map<Situation, Map<String, PlayedCell>> played = new EnumMap<>(Situation.class);

    void add(Situation situation, String policy, PlayedCell cell) {
        played.computeIfAbsent(situation, key -> new LinkedHashMap<>()).put(policy, cell);
    }

    /** Returns each table by its heading. A situation in which all policies do the same is in a table of its own. */
    Map<String, List<String>> byHeading() {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        for (var row : played.entrySet()) {
            Map<String, PlayedCell> cells = row.getValue();
            String situation = row.getKey().text;
            if (new HashSet<>(cells.values()).size() == 1) {
                add(tables, SHARED, "The future", situation, cells.values().iterator().next());
                continue;
            }
            List<PlayedCell> untils = new ArrayList<>();
            cells.forEach(
                    (policy, cell) -> {
                        if (policy.startsWith("until")) {
                            untils.add(cell);
                        } else if (policy.equals(Policies.STREAM)) {
                            String heading = "## stream() and asCompleted()";
                            add(tables, heading, "The stream", situation, cell.ofStream());
                        } else {
                            String heading = "## " + policy.replace("2", "k");
                            add(tables, heading, "The future", situation, cell);
                        }
                    });
            addUntil(tables, situation, untils);
        }
        return tables;
    }

    private static void add(
            Map<String, List<String>> tables,
            String heading,
            String result,
            String situation,
            PlayedCell cell) {
        addRow(
                tables,
                heading,
                List.of("Situation", result),
                List.of(situation, cell.future()),
                cell.children());
    }

    /** Adds a row that says what each condition gives. The children end alike, because {@code until} stops none. */
    private static void addUntil(
            Map<String, List<String>> tables, String situation, List<PlayedCell> cells) {
        List<List<String>> ends = cells.stream().map(PlayedCell::lastEnds).distinct().toList();
        if (ends.size() != 1) {
            throw new AssertionError("until has stopped children, " + situation + ": " + ends);
        }
        Stream<String> conditions = Stream.of(When.values()).map(when -> "`" + when + "`");
        addRow(
                tables,
                UNTIL,
                Stream.concat(Stream.of("Situation"), conditions).toList(),
                Stream.concat(Stream.of(situation), cells.stream().map(PlayedCell::value)).toList(),
                ends.get(0));
    }

    private static void addRow(
            Map<String, List<String>> tables,
            String heading,
            List<String> header,
            List<String> row,
            List<String> children) {
        List<String> columns = new ArrayList<>(header);
        Collections.addAll(columns, "A", "B", "C");
        List<String> cells = new ArrayList<>(row);
        cells.addAll(children);
        cells.addAll(Collections.nCopies(columns.size() - cells.size(), ""));
        List<String> table =
                tables.computeIfAbsent(
                        heading,
                        key ->
                                new ArrayList<>(
                                        List.of(
                                                line(columns),
                                                "|" + " --- |".repeat(columns.size()))));
        table.add(line(cells));
    }

    private static String line(Collection<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
