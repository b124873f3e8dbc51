package io.github.coro4j.interop.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** A complete program of a document, compiled and run as its reader does, but in this JVM. */
public final class Program {
    private static final Pattern CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

    private final String text;
    private final String name;

    private Program(String text, String name) {
        this.text = text;
        this.name = name;
    }

    /** Returns whether a snippet is a program, and not a part of one. */
    public static boolean isProgram(String text) {
        return text.contains("public static void main(");
    }

    public static Program of(String text) {
        Matcher declared = CLASS.matcher(text);
        if (!declared.find()) {
            throw new AssertionError("no public class in " + text);
        }
        return new Program(text, declared.group(1));
    }

    /**
     * Runs the programs of a page, and compares what each prints with the plain block after it. Returns how many programs the
     * page has.
     */
    public static int assertOutputsOf(Path page, Path folder) throws Exception {
        List<String> programs =
                Snippets.fencedLines(page, "java").stream().filter(Program::isProgram).toList();
        List<String> outputs = Snippets.fencedLines(page, "");
        assertEquals(programs.size(), outputs.size(), "number of outputs");
        for (int i = 0; i < programs.size(); i++) {
            Path classes = Files.createDirectory(folder.resolve("program" + i));
            assertEquals(outputs.get(i), of(programs.get(i)).outputIn(classes));
        }
        return programs.size();
    }

    /** Compiles the program into a folder, runs it, and returns what it printed. */
    public String outputIn(Path folder) throws Exception {
        String messages = compile(folder);
        if (!messages.isEmpty()) {
            throw new AssertionError(messages);
        }
        return run(folder);
    }

    private String compile(Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), text);
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

    private String run(Path folder) throws Exception {
        PrintStream realOut = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass(name)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(realOut);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
