package io.github.coro4j.interop.surface;

import io.github.coro4j.interop.testing.JavaCompilation;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program with its own services, and with its own engine, which the first use makes. */
final class Application {
    private final Path folder;

    Application(Path folder) {
        this.folder = folder;
    }

    /** Compiles a public class of the package {@code services}. */
    void compile(String name, String source) {
        JavaCompilation.of("services." + name, source)
                .against(Artifact.api().path(), Artifact.jspecify().path())
                .against(folder)
                .into(folder);
    }

    /** Registers classes of the package {@code services} by name. They need not exist. */
    void provide(Class<?> service, String... names) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        List<String> lines = Arrays.stream(names).map(name -> "services." + name).toList();
        Files.write(services.resolve(service.getName()), lines);
    }

    /** Calls the static method {@code run} of the class. */
    String run(String name) throws Exception {
        List<URL> urls = new ArrayList<>(List.of(folder.toUri().toURL()));
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(each).toUri().toURL());
        }
        // Never closed: threads of its engine may load a class after the call has returned.
        URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        return (String) loader.loadClass("services." + name).getMethod("run").invoke(null);
    }
}
