package io.github.coro4j.interop.observe;

import static io.github.coro4j.interop.observe.UnreadFailuresTest.failing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A failure listener receives every report although it throws, and the default listener logs each. */
class FailureListenerTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(16)
    void theDefaultListenerLogsTheNameAndTheException() throws Exception {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.opened(TaskScope.open("unread"))) {
            ControlledFuture.awaitDone(failing(scope, "load-user", failure));
        }

        List<LogRecord> lines = leaks.takeLogged();
        assertEquals(1, lines.size());
        assertEquals(Level.SEVERE, lines.get(0).getLevel());
        assertTrue(lines.get(0).getMessage().contains("load-user"), lines.get(0).getMessage());
        assertSame(failure, lines.get(0).getThrown());
    }

    @Test
    void aListenerThatThrowsStillReceivesTheOtherReports() throws Exception {
        List<Throwable> received = new ArrayList<>();
        IOException one = new IOException("one");
        IOException two = new IOException("two");
        Error broken = new Error("a broken listener");
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("unread")
                                .failureListener(
                                        report -> {
                                            received.add(report.exception());
                                            throw broken;
                                        })
                                .open())) {
            ControlledFuture.awaitDone(failing(scope, "one", one));
            ControlledFuture.awaitDone(failing(scope, "two", two));
        } // closing returns normally

        assertEquals(2, received.size());
        assertTrue(received.containsAll(List.of(one, two)), received.toString());
        List<Throwable> logged = exceptionsOf(leaks.takeLogged());
        assertTrue(logged.containsAll(List.of(one, two, broken)), logged.toString());
    }

    @Test
    @Rule(16)
    void ifTheListenerThrowsBothExceptionsAreLogged() {
        IOException boom = new IOException("boom");
        IllegalStateException broken = new IllegalStateException("broken listener");
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("broken")
                                .failureListener(
                                        report -> {
                                            throw broken;
                                        })
                                .open());
        scope.start(
                "load-user",
                () -> {
                    throw boom;
                });
        scope.start(
                "load-cart",
                () -> {
                    throw boom;
                });
        scope.join();
        scope.close();
        List<LogRecord> lines = leaks.takeLogged();
        List<Throwable> logged = exceptionsOf(lines);
        assertTrue(logged.contains(boom), logged::toString);
        assertTrue(logged.contains(broken), logged::toString);
        String text = String.join("\n", lines.stream().map(LogRecord::getMessage).toList());
        assertTrue(text.contains("load-user"), text);
        assertTrue(text.contains("load-cart"), text);
    }

    private static List<Throwable> exceptionsOf(List<LogRecord> lines) {
        List<Throwable> exceptions = new ArrayList<>();
        for (LogRecord line : lines) {
            exceptions.add(line.getThrown());
            exceptions.addAll(List.of(line.getThrown().getSuppressed()));
        }
        return exceptions;
    }
}
