package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Propagators that the application provides as services work in every scope, even in the global scope. */
@Timeout(30)
@Rule(27)
class ContextPropagatorLookupTest {
    private static final String PROPAGATOR =
            """
            package services;

            public class NAME implements io.github.coro4j.ContextPropagator {
                public NAME() {
                    MADE
                }

                @Override
                public boolean isAvailable() {
                    AVAILABLE
                }

                @Override
                public Object capture() {
                    return Propagated.HELD.get();
                }

                @Override
                public Installed install(Object captured) {
                    String before = Propagated.HELD.get();
                    Propagated.HELD.set(before + " NAME:" + captured);
                    return () -> Propagated.HELD.set(before);
                }
            }
            """;

    private static final String PROPAGATED =
            """
            package services;

            import io.github.coro4j.ContextPropagator;
            import io.github.coro4j.Task;
            import io.github.coro4j.TaskScope;

            public class Propagated {
                static final ThreadLocal<String> HELD = ThreadLocal.withInitial(() -> "fresh");

                public static String run() {
                    HELD.set("acme");
                    String global = Task.start(HELD::get).join();
                    try (TaskScope own = TaskScope.builder().contextPropagator(ContextPropagator.of(HELD)).open()) {
                        return global + ", " + own.start(HELD::get).join();
                    }
                }
            }
            """;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void allPropagatorsThatAreFoundWorkInOrderAndThenThoseOfTheScope() throws Exception {
        assertEquals("fresh First:acme Second:acme, acme", run("First", "Second"));
    }

    @Test
    void withoutAPropagatorNoContextIsPropagated() throws Exception {
        assertEquals("fresh, acme", run());
    }

    @Test
    void anUnavailablePropagatorIsLeftOutWithoutALogRecord() throws Exception {
        assertEquals("fresh First:acme, acme", run("Unavailable", "First"));
    }

    @Test
    void aBrokenPropagatorIsLoggedAndLeftOut() throws Exception {
        assertEquals(
                "fresh First:acme, acme", run("Broken", "Missing", "BrokenWhenAsked", "First"));
        List<LogRecord> logged = leaks.takeLogged();
        assertEquals(3, logged.size());
        for (LogRecord each : logged) {
            assertTrue(
                    each.getMessage().contains("a context propagator could not be loaded"),
                    each::getMessage);
        }
        assertTrue(logged.get(0).getThrown().getMessage().contains("services.Broken"));
    }

    private String run(String... propagators) throws Exception {
        Application application = new Application(folder);
        application.compile("Propagated", PROPAGATED);
        for (String each : propagators) {
            if (!each.equals("Missing")) {
                String thrown = "if (true) throw new IllegalStateException();";
                application.compile(
                        each,
                        PROPAGATOR
                                .replace("NAME", each)
                                .replace("MADE", each.equals("Broken") ? thrown : "")
                                .replace(
                                        "AVAILABLE",
                                        each.equals("BrokenWhenAsked")
                                                ? thrown + " return true;"
                                                : "return " + !each.equals("Unavailable") + ";"));
            }
        }
        application.provide(ContextPropagator.class, propagators);
        return application.run("Propagated");
    }
}
