package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Snippets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the program of the README, and compares its output with the output in the README. */
class ReadmeProgramTest {
    private static final Path README = Path.of("..", "README.md");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    @Test
    void theProgramPrintsWhatTheReadmeSays() throws Exception {
        List<String> programs = Snippets.fencedLines(README, "java");
        List<String> outputs = Snippets.fencedLines(README, "");
        assertEquals(1, programs.size(), "number of Java snippets");
        assertEquals(1, outputs.size(), "number of outputs");
        assertEquals("", compile(programs.get(0)));
        // Callbacks are not ordered relative to join().
        assertEquals(sorted(outputs.get(0)), sorted(run()));
    }

    private String compile(String program) throws Exception {
        Path source = Files.writeString(folder.resolve("Main.java"), program);
        StringWriter messages = new StringWriter();
        PrintWriter log = new PrintWriter(messages);
        String classPath = System.getProperty("java.class.path");
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        log,
                        log,
                        "-proc:none",
                        "-cp",
                        classPath,
                        "-d",
                        folder.toString(),
                        source.toString());
        return messages.toString();
    }

    private String run() throws Exception {
        PrintStream realOut = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(realOut);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }
}
