package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.coro4j.interop.testing.Svg;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Draws the states of a task from the table of docs/guide/tasks.md, and compares the picture with the committed file. */
class TaskStatesPictureTest {
    private static final String HEADING = "## Sample";

    private static final StateTable SAMPLE =
            StateTable.below(
                    HEADING,
                    List.of(
                            HEADING,
                            "",
                            "| State | Event | Next state |",
                            "| --- | --- | --- |",
                            "| pending | the body returns | succeeded |",
                            "| pending | the body throws | failed |",
                            "| pending | `cancel` before the body begins | cancelled |",
                            "| pending | `cancel` | cancelling |",
                            "| cancelling | the body ends | cancelled |",
                            "| cancelling | the body throws anything else | failed |",
                            "| cancelling | another `cancel` | cancelling |",
                            "",
                            "| State | Event | Next state |"));

    @Test
    void thePictureShowsTheTable() throws IOException {
        String picture = StatePicture.of("The states of a task", StateTable.ofTasks());
        Svg.assertCommitted("task-states.svg", picture);
    }

    @Test
    void everyStateAndEventIsInThePicture() {
        String picture = StatePicture.of("Sample", SAMPLE);
        for (String text : List.of("pending", "cancelling", "succeeded", "failed", "cancelled")) {
            assertEquals(1, count(picture, ">" + text + "</text>"), text);
        }
        assertEquals(6, count(picture, "marker-end"), "arrows");
        assertEquals(1, count(picture, ">another cancel</text>"), "an event without an arrow");
        assertFalse(picture.contains("NaN"), picture);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void lastStates_areInTheLastColumn() {
        assertEquals(
                Map.of("pending", 0, "cancelling", 1, "succeeded", 2, "failed", 2, "cancelled", 2),
                SAMPLE.columns());
    }

    @Test
    void arrows_crossNoBox() {
        StateRows rows = StateRows.of(SAMPLE);
        for (int row = rows.firstRow("cancelling"); row <= rows.lastRow("cancelling"); row++) {
            for (StateTable.Transition arrow : rows.row(row)) {
                assertEquals(1, rows.right(arrow) - rows.left(arrow), arrow.toString());
            }
        }
    }
}
