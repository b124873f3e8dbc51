package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** One source text, compiled as a user would: with nothing on the path but what is named. */
final class Compilation {
    private final String name;
    private final String text;
    private final List<Path> path = new ArrayList<>();

    private Compilation(String name, String text) {
        this.name = name;
        this.text = text;
    }

    static Compilation of(String name, String text) {
        return new Compilation(name, text);
    }

    Compilation against(Artifact... artifacts) {
        Arrays.stream(artifacts).map(Artifact::path).forEach(path::add);
        return this;
    }

    Compilation also(Path folder) {
        path.add(folder);
        return this;
    }

    void assertClean() {
        assertEquals(List.of(), messages(null));
    }

    void assertFailsWith(String part) {
        List<String> messages = messages(null);
        assertFalse(messages.isEmpty());
        assertTrue(messages.get(0).contains(part), messages::toString);
    }

    /** Leaves the class files in a folder. */
    void into(Path folder) {
        assertEquals(List.of(), messages(folder));
    }

    private List<String> messages(Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            Path output = folder == null ? Files.createTempDirectory("compiled") : folder;
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, path);
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            compiler.getTask(
                            null,
                            files,
                            found,
                            List.of("-Xlint:all", "-proc:none", "--release", "17"),
                            null,
                            List.of(new Source(name, text)))
                    .call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.getDiagnostics().stream().map(each -> each.getMessage(Locale.ROOT)).toList();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(
                    URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension),
                    Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
