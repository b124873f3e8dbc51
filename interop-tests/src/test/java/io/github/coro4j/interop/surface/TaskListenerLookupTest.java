package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.TaskListener;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that the application provides as services receive the events of every scope without its own listener. */
@Timeout(30)
class TaskListenerLookupTest {
    private static final String LISTENER =
            """
            package services;

            public class NAME implements io.github.coro4j.TaskListener {
                public NAME() {
                    FAIL
                }

                @Override
                public void ended(io.github.coro4j.TaskEvent event) {
                    Recorded.add("NAME " + event.scope() + " " + event.name());
                }
            }
            """;

    private static final String RECORDED =
            """
            package services;

            import io.github.coro4j.TaskListener;
            import io.github.coro4j.TaskScope;

            public class Recorded {
                private static final java.util.ArrayList<String> RECORDED = new java.util.ArrayList<>();

                static synchronized void add(String line) {
                    RECORDED.add(line);
                }

                public static String run() {
                    TaskScope.global().launch("everywhere", () -> {}).join();
                    TaskScope.global().join();
                    try (TaskScope own = TaskScope.builder().name("own").taskListener(new TaskListener() {}).open()) {
                        own.launch("not here", () -> {});
                    }
                    synchronized (Recorded.class) {
                        return RECORDED.toString();
                    }
                }
            }
            """;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void allListenersThatAreFoundReceiveEventsInOrder() throws Exception {
        assertEquals("[First global everywhere, Second global everywhere]", run("First", "Second"));
    }

    @Test
    void withoutAListenerNoEventIsReceived() throws Exception {
        assertEquals("[]", run());
    }

    @Test
    void aListenerThatCannotBeLoadedIsLoggedAndLeftOut() throws Exception {
        assertEquals("[First global everywhere]", run("Broken", "Missing", "First"));
        List<LogRecord> logged = leaks.takeLogged();
        assertEquals(2, logged.size());
        for (LogRecord each : logged) {
            assertTrue(
                    each.getMessage().contains("task listener could not be loaded"),
                    each::getMessage);
        }
        assertTrue(logged.get(0).getThrown().getMessage().contains("services.Broken"));
    }

    private String run(String... listeners) throws Exception {
        Application application = new Application(folder);
        application.compile("Recorded", RECORDED);
        for (String each : listeners) {
            if (!each.equals("Missing")) {
                String fail =
                        each.equals("Broken") ? "if (true) throw new IllegalStateException();" : "";
                application.compile(each, LISTENER.replace("NAME", each).replace("FAIL", fail));
            }
        }
        application.provide(TaskListener.class, listeners);
        return application.run("Recorded");
    }
}
