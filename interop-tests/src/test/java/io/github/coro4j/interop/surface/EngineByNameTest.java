package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.JavaCompilation;
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
import org.junit.jupiter.api.io.TempDir;

/** The API makes its engine by the name of its class, without a service file. */
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

    /** A service may need a lock of the caller, so the caller itself looks. */
    @Test
    void elsewhereTheCallerLooksServicesUp() throws Exception {
        assertLookedUpBy(Thread.currentThread().getName(), List.of());
    }

    /** The main thread of Android must read no files. */
    @Test
    void onAndroidAThreadOfTheEngineLooksServicesUp(@TempDir Path android) throws Exception {
        JavaCompilation.of("android.os.Build", "package android.os; public class Build {}")
                .into(android);
        assertLookedUpBy("coro4j-services", List.of(android));
    }

    private static void assertLookedUpBy(String thread, List<Path> more) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path each : more) {
            urls.add(each.toUri().toURL());
        }
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
                            .filter(each -> !each.resource().endsWith(".ThreadStart"))
                            .toList();
            for (String each : List.of("TaskListener", "ContextPropagator", "BlockingGuard")) {
                assertTrue(
                        ours.contains(new Lookup(thread, services + each)),
                        () -> each + " in " + ours);
            }
            assertTrue(
                    ours.stream().allMatch(each -> each.thread().equals(thread)), ours::toString);
            assertFalse(
                    ours.stream().anyMatch(each -> each.resource().endsWith("spi.Engine")),
                    ours::toString);
        }
    }
}
