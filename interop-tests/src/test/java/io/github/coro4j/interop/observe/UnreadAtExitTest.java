package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.ChildProcess;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unread failures of the global scope are reported when the JVM exits (R16). */
@Rule(16)
class UnreadAtExitTest {
    @ParameterizedTest
    @ValueSource(strings = {"return", "exit"})
    void theExitReportsOnce(String way) throws Exception {
        ChildProcess.End end = ChildProcess.run(3, List.of(), UnreadAtExit.class, way);
        assertEquals(0, end.code(), end::printed);
        // The debug mode adds where the task was started.
        String printed = end.printed().replaceAll("; the task was started at \\S+", "");
        String report =
                "task \"unread\" failed, and no code has read the failure\n"
                        + "java.io.IOException: never read\n\tat ";
        int first = printed.indexOf(report);
        assertTrue(first > printed.indexOf("the end"), printed);
        assertEquals(first, printed.lastIndexOf(report), printed);
        assertFalse(printed.contains("\"read\" failed"), printed);
    }

    // By then `java.util.logging` has removed its handlers.
    @Test
    void whatAShutdownHookLogs_isPrinted() throws Exception {
        ChildProcess.End end = ChildProcess.run(3, List.of(), CloseAtExit.class);
        assertEquals(0, end.code(), end::printed);
        String printed = end.printed();
        assertTrue(printed.contains("task \"broken\" failed, and no code has read"), printed);
        assertTrue(printed.contains("java.io.IOException: never read\n\tat "), printed);
        assertTrue(printed.contains("scope \"app\" (closed"), printed);
    }

    // Threads of the engine log while `java.util.logging` removes its handlers.
    @Test
    void failuresThatAreLoggedDuringTheExit_areReportedOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            ChildProcess.End end = ChildProcess.run(3, List.of(), UnreadAtExit.class, "many");
            assertEquals(0, end.code(), end::printed);
            for (int i = 0; i < UnreadAtExit.MANY; i++) {
                String report = "task \"launched " + i + "\" failed";
                int first = end.printed().indexOf(report);
                assertTrue(first >= 0, end::printed);
                assertEquals(first, end.printed().lastIndexOf(report), end::printed);
            }
        }
    }

    // The thread that watches for unreachable futures may be about to log the failure.
    @Test
    void failureOfAFutureThatIsCollectedAtTheExit_isReported() throws Exception {
        for (int round = 0; round < 4; round++) {
            ChildProcess.End end = ChildProcess.run(3, List.of(), UnreadAtExit.class, "collected");
            assertEquals(0, end.code(), end::printed);
            assertTrue(end.printed().contains("task \"unread\" failed"), end.printed());
        }
    }
}
