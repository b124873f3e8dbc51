package io.github.coro4j.interop.tutorials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Whether some statements compile against the test class path, and with which errors. Nothing is written to disk.
 *
 * @param errors what the compiler refused, in its order; empty if the statements compile
 */
record SnippetCompilation(List<Refusal> errors) {

    /**
     * One refusal.
     *
     * @param code the compiler's own name of the kind of error, which is the same in every language
     * @param statement the line at which it stands
     * @param message the compiler's words
     */
    record Refusal(String code, String statement, String message) {}

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

    private static final String FOOT = "}}";

    void assertCompiles() {
        assertEquals(List.of(), errors);
    }

    /** Asserts that there is one error, at this statement, of this kind, and that it says this. */
    void assertRefused(String statement, String code, String words) {
        assertEquals(1, errors.size(), () -> "one error expected, but found " + errors);
        Refusal only = errors.get(0);
        assertEquals(statement, only.statement());
        assertEquals(code, only.code());
        assertTrue(only.message().contains(words), only.message());
    }

    /** Compiles the statements as the body of a method that is given an open {@code scope}. */
    static SnippetCompilation of(String statements) {
        String source = HEAD + statements + FOOT;
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertNotNull(compiler, "these tests need a JDK: this runtime has no compiler");
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options =
                List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        try (JavaFileManager files =
                new Discarding(compiler.getStandardFileManager(found, null, null))) {
            compiler.getTask(null, files, found, options, null, List.of(new Source(source))).call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> lines = source.lines().toList();
        return new SnippetCompilation(
                found.getDiagnostics().stream()
                        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                        .map(each -> refusal(each, lines))
                        .toList());
    }

    private static Refusal refusal(Diagnostic<?> found, List<String> lines) {
        long line = found.getLineNumber();
        return new Refusal(
                found.getCode(),
                line == Diagnostic.NOPOS ? "" : lines.get((int) line - 1).strip(),
                found.getMessage(Locale.ENGLISH));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Snippet.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Takes the class files and drops them. */
    private static final class Discarding extends ForwardingJavaFileManager<JavaFileManager> {
        Discarding(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("discarded:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream();
                }
            };
        }
    }
}
