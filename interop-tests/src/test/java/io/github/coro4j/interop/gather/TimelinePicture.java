package io.github.coro4j.interop.gather;

import io.github.coro4j.interop.gather.Timeline.State;
import io.github.coro4j.interop.testing.Svg;

/** Draws a {@link Timeline}: a bar for each child and for the future, and a line where the future ends. */
final class TimelinePicture {
    private static final int TOP = 52;
    private static final int ROW = 36;
    private static final int BAR = 22;
    private static final double LEFT = 82;
    private static final double RIGHT = 590;
    private static final String MUTED = "#57606a";
    private static final String FUTURE = "#0550ae";
    private static final String STRIPES =
            "<pattern id=\"stripes\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\""
                    + " patternTransform=\"rotate(45)\">\n"
                    + "  <rect width=\"8\" height=\"8\" fill=\"#f6f8fa\"/>\n"
                    + "  <rect width=\"3\" height=\"8\" fill=\"#e1e5ea\"/>\n"
                    + "</pattern>";

    private final Timeline timeline;
    private final Svg svg;
    private final int bottom;

    private TimelinePicture(String policy, Timeline timeline) {
        this.timeline = timeline;
        svg = new Svg(policy, timeline.story());
        bottom = TOP + (timeline.children() + 1) * ROW + 6;
        svg.text(policy, 20, 30, "font-family", "monospace", "font-size", 16, "font-weight", 600);
    }

    /** Returns the picture as SVG. */
    static String of(String policy, Timeline timeline) {
        TimelinePicture picture = new TimelinePicture(policy, timeline);
        picture.drawMoments();
        for (int child = 0; child < timeline.children(); child++) {
            picture.drawBars(child);
        }
        picture.drawFuture();
        for (int child = 0; child < timeline.children(); child++) {
            picture.drawEnd(child);
        }
        return picture.svg.picture(picture.bottom + 34, STRIPES);
    }

    private double x(int moment) {
        return LEFT + (RIGHT - LEFT) * moment / (timeline.moments().size() - 1);
    }

    private void drawMoments() {
        for (int moment = 0; moment < timeline.moments().size(); moment++) {
            double x = x(moment);
            line(x, TOP - 6, x, bottom, "#d0d7de", 1);
            svg.text(
                    moment == 0 ? "the call" : timeline.newEnds(moment),
                    x,
                    bottom + 19,
                    "text-anchor",
                    "middle",
                    "font-size",
                    13,
                    "fill",
                    MUTED);
        }
    }

    private void drawBars(int child) {
        int y = TOP + child * ROW;
        int stop = timeline.stopOf(child);
        int end = timeline.endOf(child);
        State fate = timeline.state(end, child);
        svg.text(GroupRun.NAMES.substring(child, child + 1), 20, y + 16, "font-weight", 600);
        bar(0, stop, y, fate.color, fate.color);
        int future = timeline.endOfFuture();
        if (stop == end && future < end) {
            svg.text("runs on", x(future) + 12, y + 16, "font-size", 13, "fill", "#ffffff");
        }
        if (stop < end) {
            bar(stop, end, y, "url(#stripes)", MUTED);
            svg.text("stopping", x(stop) + 12, y + 16, "font-size", 13);
        }
    }

    private void drawEnd(int child) {
        int y = TOP + child * ROW;
        int end = timeline.endOf(child);
        State fate = timeline.state(end, child);
        drawSign(fate, x(end), y + BAR / 2.0);
        svg.text(fate.text, x(end) + 16, y + 16, "font-size", 13, "fill", fate.color);
    }

    private void bar(int from, int to, int y, String fill, String stroke) {
        svg.add(
                "rect",
                "x",
                x(from),
                "y",
                y,
                "width",
                x(to) - x(from),
                "height",
                BAR,
                "rx",
                3,
                "fill",
                fill,
                "stroke",
                stroke);
    }

    /** Draws a hook, a cross or a bar in a circle, so that the fates differ without their colours. */
    private void drawSign(State fate, double x, double y) {
        svg.add("circle", "cx", x, "cy", y, "r", 10, "fill", "#ffffff", "stroke", fate.color);
        String at = "M" + Svg.number(x) + " " + Svg.number(y);
        String sign =
                switch (fate) {
                    case SUCCEEDED -> "m-4.5 0.5l3 3.5l6 -7.5";
                    case FAILED -> "m-4 -4l8 8m0 -8l-8 8";
                    default -> "m-4.5 0h9";
                };
        svg.add("path", "d", at + sign, "fill", "none", "stroke", fate.color, "stroke-width", 2);
    }

    private void drawFuture() {
        int y = TOP + timeline.children() * ROW;
        double x = x(timeline.endOfFuture());
        svg.text("future", 20, y + 16, "font-weight", 600, "fill", FUTURE);
        bar(0, timeline.endOfFuture(), y, "#ddf4ff", FUTURE);
        line(x, TOP - 14, x, y + BAR, FUTURE, 3);
        boolean hasRoom = x < (LEFT + RIGHT) / 2;
        svg.text(
                timeline.future(),
                hasRoom ? x + 12 : x - 12,
                y + 16,
                "text-anchor",
                hasRoom ? "start" : "end",
                "font-size",
                13,
                "font-weight",
                600,
                "fill",
                FUTURE);
    }

    private void line(double x1, double y1, double x2, double y2, String color, int width) {
        svg.add(
                "line",
                "x1",
                x1,
                "y1",
                y1,
                "x2",
                x2,
                "y2",
                y2,
                "stroke",
                color,
                "stroke-width",
                width);
    }
}
