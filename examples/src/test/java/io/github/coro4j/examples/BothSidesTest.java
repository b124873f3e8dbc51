package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BothSidesTest {

    /** The time must be long enough for three shops to answer on a busy machine; the fourth never does. */
    @Test
    void cancelsFailuresAndNamesCrossTheBorder() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        BothSides.play(
                new PrintStream(printed, true, StandardCharsets.UTF_8), Duration.ofSeconds(3));

        String text =
                printed.toString(StandardCharsets.UTF_8)
                        .replaceAll("task-\\d+", "task-N")
                        .replace("; its body is still stopping", "");
        // The group does not wait until the function has stopped (R32), so this line may come
        // later.
        String stopped =
                "repository: stuck is not asked any more: task-N was cancelled: gather \"price of bread\" timed out after 3 s\n";
        assertTrue(text.contains(stopped), text);
        assertEquals(
                """
                == Kotlin awaits Java, which asks Kotlin
                corner: 12
                closed: java.io.IOException: no bread on Sundays
                stuck: price of bread[2] was cancelled: gather "price of bread" timed out after 3 s
                market: 9
                == The client goes away while Java asks
                repository: stuck is not asked any more: task-N was cancelled: the user went away
                client: gone, and nothing is left that worked for it
                == Java cancels a coroutine
                repository: stuck is not asked any more: salt was cancelled: Java needs it no more
                service: Cancelled[cancellation=io.github.coro4j.TaskCancelledException: salt was cancelled: Java needs it no more]
                """,
                text.replace(stopped, ""));
    }
}
