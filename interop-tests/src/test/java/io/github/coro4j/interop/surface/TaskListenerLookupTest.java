package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.NothingLeaks;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that the application provides as services are told of every scope that was given none. */
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
                    Told.add("NAME " + event.scope() + " " + event.name());
                }
            }
            """;

    private static final String TOLD =
            """
            package services;

            import io.github.coro4j.TaskListener;
            import io.github.coro4j.TaskScope;

            public class Told {
                private static final java.util.ArrayList<String> TOLD = new java.util.ArrayList<>();

                static synchronized void add(String line) {
                    TOLD.add(line);
                }

                public static String run() {
                    TaskScope.global().launch("everywhere", () -> {}).join();
                    TaskScope.global().join();
                    try (TaskScope own = TaskScope.builder().name("own").taskListener(new TaskListener() {}).open()) {
                        own.launch("not here", () -> {});
                    }
                    synchronized (Told.class) {
                        return TOLD.toString();
                    }
                }
            }
            """;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void allThatAreFoundAreToldInOrder() throws Exception {
        assertEquals("[First global everywhere, Second global everywhere]", run("First", "Second"));
    }

    @Test
    void withoutOneNobodyIsTold() throws Exception {
        assertEquals("[]", run());
    }

    @Test
    void oneThatCannotBeLoadedIsLoggedAndLeftOut() throws Exception {
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

    /** In an engine of its own, which is made by the first use in its class loader. */
    private String run(String... listeners) throws Exception {
        compile("Told", TOLD);
        List<String> names = new ArrayList<>();
        for (String each : listeners) {
            names.add("services." + each);
            if (!each.equals("Missing")) {
                String fail =
                        each.equals("Broken") ? "if (true) throw new IllegalStateException();" : "";
                compile(each, LISTENER.replace("NAME", each).replace("FAIL", fail));
            }
        }
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(services.resolve("io.github.coro4j.TaskListener"), names);
        List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(each).toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(
                        urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            return (String) loader.loadClass("services.Told").getMethod("run").invoke(null);
        }
    }

    private void compile(String name, String source) {
        Compilation.of("services." + name, source)
                .against(Artifact.api(), Artifact.jspecify())
                .also(folder)
                .into(folder);
    }
}
