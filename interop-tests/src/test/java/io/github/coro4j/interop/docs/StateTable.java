package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of states and events in a Markdown page.
 *
 * @param transitions the rows, in the order of the table
 */
public record StateTable(List<Transition> transitions) {
    private static final Path TASKS = Path.of("..", "docs", "guide", "tasks.md");
    private static final String HEADER = "| State | Event | Next state |";

    /** A row: what an event does in a state. */
    public record Transition(String state, String event, String next) {
        boolean isLoop() {
            return state.equals(next);
        }
    }

    /** Reads the table of docs/guide/tasks.md. */
    public static StateTable ofTasks() throws IOException {
        return below("## The states of a task", Files.readAllLines(TASKS));
    }

    /** Reads the table below a heading. */
    static StateTable below(String heading, List<String> page) {
        List<Transition> transitions = new ArrayList<>();
        page.stream()
                .dropWhile(line -> !line.equals(heading))
                .dropWhile(line -> !line.equals(HEADER))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> line.replace("`", "").split("\\|"))
                .forEach(
                        cells -> {
                            assertEquals(4, cells.length, "cells of a row of " + heading);
                            transitions.add(
                                    new Transition(
                                            cells[1].strip(), cells[2].strip(), cells[3].strip()));
                        });
        assertFalse(transitions.isEmpty(), "no table with " + HEADER + " below " + heading);
        return new StateTable(transitions);
    }

    /** Returns all states, in the order in which the table names them. */
    List<String> states() {
        Set<String> states = new LinkedHashSet<>();
        transitions.forEach(each -> states.add(each.state()));
        transitions.forEach(each -> states.add(each.next()));
        return List.copyOf(states);
    }

    /** Returns the events that leave the state as it is. */
    List<String> loops(String state) {
        return transitions.stream()
                .filter(each -> each.isLoop() && each.state().equals(state))
                .map(Transition::event)
                .toList();
    }

    /** Returns the rows that lead from one state to another. */
    List<Transition> moves() {
        return transitions.stream().filter(each -> !each.isLoop()).toList();
    }

    /** Returns whether no event leads from this state to another. */
    boolean isLast(String state) {
        return moves().stream().noneMatch(each -> each.state().equals(state));
    }

    /** Returns the column of each state in a picture: the longest way to it, and for last states the last column. */
    Map<String, Integer> columns() {
        Map<String, Integer> columns = new LinkedHashMap<>();
        states().forEach(state -> columns.put(state, longestWayTo(state, Set.of())));
        int last = Collections.max(columns.values());
        columns.replaceAll((state, column) -> isLast(state) ? last : column);
        return columns;
    }

    private int longestWayTo(String state, Set<String> seen) {
        Set<String> on = new LinkedHashSet<>(seen);
        on.add(state);
        return moves().stream()
                .filter(each -> each.next().equals(state) && !on.contains(each.state()))
                .mapToInt(each -> 1 + longestWayTo(each.state(), on))
                .max()
                .orElse(0);
    }
}
