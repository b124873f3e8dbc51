package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The API makes its engine by the name of its class, and the thread of the first use reads no service file. */
class EngineByNameTest {

    private record Lookup(String thread, String resource) {}

    /** A loader for everything on this class path, which records who asks for a resource. */
    private static final class Recording extends URLClassLoader {
        final Queue<Lookup> lookups = new ConcurrentLinkedQueue<>();

        Recording(List<URL> urls) {
            super(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            lookups.add(new Lookup(Thread.currentThread().getName(), name));
            return super.getResources(name);
        }
    }

    @Test
    void theServicesAreLookedUpOnAThreadOfTheEngine() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(each).toUri().toURL());
        }
        try (Recording loader = new Recording(urls)) {
            Object scope =
                    loader.loadClass("io.github.coro4j.TaskScope").getMethod("global").invoke(null);
            assertEquals("io.github.coro4j.internal.scope.ScopeImpl", scope.getClass().getName());
            String services = "META-INF/services/io.github.coro4j.";
            List<Lookup> ours =
                    loader.lookups.stream()
                            .filter(each -> each.resource().startsWith(services))
                            .toList();
            for (String each :
                    List.of("TaskListener", "ContextPropagator", "BlockingGuard", "ThreadStart")) {
                assertTrue(
                        ours.contains(new Lookup("coro4j-services", services + each)),
                        () -> each + " in " + ours);
            }
            assertFalse(
                    ours.stream().anyMatch(each -> !each.thread().equals("coro4j-services")),
                    ours::toString);
            assertFalse(
                    ours.stream().anyMatch(each -> each.resource().endsWith("spi.Engine")),
                    ours::toString);
        }
    }
}
