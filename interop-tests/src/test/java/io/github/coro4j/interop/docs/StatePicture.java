package io.github.coro4j.interop.docs;

import io.github.coro4j.interop.docs.StateTable.Transition;
import io.github.coro4j.interop.testing.Svg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Draws a {@link StateTable}: a box for each state, and an arrow with the event for each change of the state. */
final class StatePicture {
    private static final int MARGIN = 16;
    private static final int TOP = 44;
    private static final int BOX = 122;
    private static final int LINE = 16;
    private static final double LETTER = 6.4; // the width of a letter of the events
    private static final String ARROW =
            "<marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\""
                    + " markerHeight=\"8\" orient=\"auto\">\n"
                    + "  <path d=\"M0 1L9 5L0 9z\" fill=\"#57606a\"/>\n"
                    + "</marker>";

    private final StateTable table;
    private final StateRows rows;
    private final Svg svg;

    /** The left edge of the boxes of each column. */
    private final double[] columns;

    /** The upper edge of each row, and at last the lower edge of the last row. */
    private final int[] tops;

    private StatePicture(String title, StateTable table) {
        this.table = table;
        rows = StateRows.of(table);
        columns = columns();
        tops = tops();
        svg = new Svg(title, story());
        svg.text(title, MARGIN, 28, "font-size", 16, "font-weight", 600);
    }

    /** Returns the picture as SVG. */
    static String of(String title, StateTable table) {
        StatePicture picture = new StatePicture(title, table);
        for (int row = 0; row < picture.rows.count(); row++) {
            for (Transition arrow : picture.rows.row(row)) {
                picture.drawArrow(arrow, row);
            }
        }
        table.states().forEach(picture::drawBox);
        return picture.svg.picture(picture.tops[picture.rows.count()] + 12, ARROW);
    }

    private String story() {
        List<String> story = new ArrayList<>();
        for (Transition each : table.transitions()) {
            story.add(each.state() + ": " + each.event() + ", " + each.next() + ".");
        }
        return String.join(" ", story);
    }

    /** Gives each gap between two columns a share of the width, by the longest event that crosses only this gap. */
    private double[] columns() {
        int count = Collections.max(table.columns().values()) + 1;
        double[] shares = new double[count];
        Arrays.fill(shares, 0, count - 1, 20);
        for (Transition each : table.moves()) {
            int gap = rows.left(each);
            if (rows.right(each) == gap + 1) {
                shares[gap] = Math.max(shares[gap], Math.min(60, each.event().length()));
            }
        }
        double total = Arrays.stream(shares).sum();
        double free = Svg.WIDTH - 2.0 * MARGIN - count * BOX;
        double[] lefts = new double[count];
        lefts[0] = MARGIN;
        for (int i = 1; i < count; i++) {
            lefts[i] = lefts[i - 1] + BOX + free * shares[i - 1] / total;
        }
        return lefts;
    }

    /** Gives each row the height of its events, and each box the height of its text. */
    private int[] tops() {
        int[] heights = new int[rows.count()];
        for (int row = 0; row < heights.length; row++) {
            for (Transition arrow : rows.row(row)) {
                heights[row] = Math.max(heights[row], lines(arrow).size() * LINE + 18);
            }
        }
        for (String state : table.states()) {
            int first = rows.firstRow(state);
            int last = rows.lastRow(state);
            int height = Arrays.stream(heights, first, last + 1).sum();
            int needed = 40 + inside(state).size() * LINE;
            heights[last] += Math.max(0, needed - height);
        }
        int[] edges = new int[heights.length + 1];
        edges[0] = TOP;
        for (int row = 0; row < heights.length; row++) {
            edges[row + 1] = edges[row] + heights[row];
        }
        return edges;
    }

    private void drawArrow(Transition arrow, int row) {
        double from = columns[rows.left(arrow)] + BOX;
        double to = columns[rows.right(arrow)] - 1;
        List<String> lines = lines(arrow);
        int y = tops[row] + 13;
        for (String line : lines) {
            svg.text(line, from + 8, y, "font-size", 12.5);
            y += LINE;
        }
        boolean isForward = rows.columnOf(arrow.state()) < rows.columnOf(arrow.next());
        svg.add(
                "line",
                "x1",
                isForward ? from : to,
                "y1",
                y - 9,
                "x2",
                isForward ? to : from,
                "y2",
                y - 9,
                "stroke",
                "#57606a",
                "stroke-width",
                1.5,
                "marker-end",
                "url(#arrow)");
    }

    private List<String> lines(Transition arrow) {
        double width = columns[rows.right(arrow)] - columns[rows.left(arrow)] - BOX - 24;
        return wrapped(arrow.event(), (int) (width / LETTER));
    }

    private void drawBox(String state) {
        int top = tops[rows.firstRow(state)] + 3;
        int bottom = tops[rows.lastRow(state) + 1] - 5;
        double x = columns[rows.columnOf(state)];
        String color = color(state);
        svg.add(
                "rect",
                "x",
                x,
                "y",
                top,
                "width",
                BOX,
                "height",
                bottom - top,
                "rx",
                6,
                "fill",
                "#f6f8fa",
                "stroke",
                color,
                "stroke-width",
                2);
        List<String> inside = inside(state);
        int y = (top + bottom) / 2 - inside.size() * LINE / 2 + 5;
        center(state, x, y, "font-weight", 600, "fill", color);
        for (String line : inside) {
            y += LINE;
            center(line, x, y, "font-size", 11.5, "fill", "#57606a");
        }
    }

    private void center(String text, double x, double y, Object... attributes) {
        List<Object> all = new ArrayList<>(List.of("text-anchor", "middle"));
        all.addAll(Arrays.asList(attributes));
        svg.text(text, x + BOX / 2.0, y, all.toArray());
    }

    /** Returns the lines in a box below the name: the events that leave the state as it is. */
    private List<String> inside(String state) {
        List<String> lines = new ArrayList<>();
        for (String event : table.loops(state)) {
            lines.add(lines.isEmpty() ? "no change if" : "or if");
            lines.addAll(wrapped(event, 19));
        }
        return lines;
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String color(String state) {
        return switch (state) {
            case "succeeded" -> "#1a7f37";
            case "failed" -> "#cf222e";
            case "cancelled" -> "#57606a";
            default -> "#0550ae";
        };
    }
}
