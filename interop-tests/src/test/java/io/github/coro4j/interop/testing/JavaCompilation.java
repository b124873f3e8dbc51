package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** A source text, compiled as a user compiles it. */
public final class JavaCompilation {
    private static final String HEAD =
            """
            import io.github.coro4j.Future;
            import io.github.coro4j.Gather;
            import io.github.coro4j.Task;
            import io.github.coro4j.TaskScope;
            import io.github.coro4j.ThrowingRunnable;
            import java.util.List;
            import java.util.concurrent.Callable;

            class Snippet {
                static void main(TaskScope scope) throws Exception {
            """;

    /**
     * What the compiler found wrong.
     *
     * @param code the compiler's name of this kind of error, which is the same in every language
     * @param line the source line, or an empty string
     * @param message the compiler's message
     */
    private record Problem(String code, String line, String message) {}

    private final String name;
    private final String text;
    private final List<String> options;
    private final List<Path> path = new ArrayList<>();

    private JavaCompilation(String name, String text, List<String> options) {
        this.name = name;
        this.text = text;
        this.options = options;
    }

    /** A class of that name, compiled with all warnings and with nothing on the class path. */
    public static JavaCompilation of(String name, String text) {
        return new JavaCompilation(name, text, List.of("-Xlint:all", "--release", "17"));
    }

    /** Statements that use an open {@code scope}, compiled on the class path of the tests. */
    public static JavaCompilation ofStatements(String statements) {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        return new JavaCompilation("Snippet", HEAD + statements + "}}", List.of())
                .against(Stream.of(entries).map(Path::of).toArray(Path[]::new));
    }

    /** Adds jars and folders to the class path. */
    public JavaCompilation against(Path... entries) {
        path.addAll(List.of(entries));
        return this;
    }

    public void assertClean() {
        assertEquals(List.of(), problems(null));
    }

    /** Asserts that the first message contains these words. */
    public void assertFailsWith(String words) {
        List<Problem> problems = problems(null);
        assertFalse(problems.isEmpty());
        assertTrue(problems.get(0).message().contains(words), problems::toString);
    }

    /** Asserts that there is one error, on this line, of this kind, and that its message contains these words. */
    public void assertRefused(String line, String code, String words) {
        List<Problem> problems = problems(null);
        assertEquals(1, problems.size(), problems::toString);
        Problem only = problems.get(0);
        assertEquals(line, only.line());
        assertEquals(code, only.code());
        assertTrue(only.message().contains(words), only.message());
    }

    /** Asserts that there is no problem, and writes the class files into a folder. */
    public void into(Path folder) {
        assertEquals(List.of(), problems(folder));
    }

    private List<Problem> problems(Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> all = new ArrayList<>(options);
        all.add("-proc:none");
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            Path output = folder == null ? Files.createTempDirectory("compiled") : folder;
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, path);
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(output));
            compiler.getTask(null, files, found, all, null, List.of(new Source(name, text))).call();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() != Diagnostic.Kind.NOTE)
                .map(this::problem)
                .toList();
    }

    private Problem problem(Diagnostic<?> found) {
        int line = (int) found.getLineNumber();
        return new Problem(
                found.getCode(),
                line == Diagnostic.NOPOS ? "" : text.lines().toList().get(line - 1).strip(),
                found.getMessage(Locale.ROOT));
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
