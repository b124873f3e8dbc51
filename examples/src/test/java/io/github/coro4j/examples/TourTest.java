package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TourTest {

    /** The expected text is that of the tutorials, with our exceptions and texts in place of Python's. */
    @Test
    void theTourPrintsWhatTheTutorialsPrint() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Tour.play(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertEquals(expected(), printed.toString(StandardCharsets.UTF_8));
    }

    private static String expected() throws IOException {
        try (InputStream text = TourTest.class.getResourceAsStream("tour.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
