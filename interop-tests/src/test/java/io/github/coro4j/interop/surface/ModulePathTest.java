package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A named module of a user compiles, and runs on the module path in a process of its own. */
class ModulePathTest {
    /** Under {@code verify} these are the packaged jars, under {@code test} the class folders. */
    private final String modulePath = modulePath();

    @TempDir Path out;

    @Test
    void aNamedModuleRuns() throws Exception {
        Path sources = Path.of("src/test/modulepath").toAbsolutePath();
        assertEquals(
                "",
                javac(sources.resolve("module-info.java"), sources.resolve("stranger/Main.java")));
        assertEquals("Success[value=42]", run());
        assertTrue(modulePath.contains("bridges"), modulePath);
    }

    private String javac(Path... sources) {
        StringWriter messages = new StringWriter();
        PrintWriter log = new PrintWriter(messages);
        Stream<String> options = Stream.of("-p", modulePath, "-d", out.toString());
        String[] args =
                Stream.concat(options, Arrays.stream(sources).map(Path::toString))
                        .toArray(String[]::new);
        ToolProvider.findFirst("javac").orElseThrow().run(log, log, args);
        return messages.toString();
    }

    private String run() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path log = out.resolve("log.txt");
        Process process =
                new ProcessBuilder(
                                java.toString(),
                                "-p",
                                modulePath + File.pathSeparator + out,
                                "-m",
                                "stranger/stranger.Main")
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(log.toFile()))
                        .start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return Files.readString(log, StandardCharsets.UTF_8).strip();
    }

    /** Returns the engine, the modules that it requires and the services that it uses, from this test's class path. */
    private static String modulePath() {
        Path[] classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        // No module path accepts this jar, and the tests only run it.
                        .filter(entry -> !entry.contains("kotlin-compiler-embeddable"))
                        // It has no classes, and before 1.11 the module name of the jar that has
                        // them.
                        .filter(entry -> !entry.matches(".*kotlinx-coroutines-core-[0-9][^/]*"))
                        .map(Path::of)
                        .toArray(Path[]::new);
        Configuration graph =
                ModuleLayer.boot()
                        .configuration()
                        .resolveAndBind(
                                ModuleFinder.of(classPath),
                                ModuleFinder.of(),
                                Set.of("io.github.coro4j"));
        return graph.modules().stream()
                .map(ResolvedModule::reference)
                .map(reference -> reference.location())
                .flatMap(Optional<URI>::stream)
                .map(location -> Path.of(location).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
