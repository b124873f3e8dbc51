package io.github.coro4j.interop.surface;

import io.github.coro4j.interop.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** Compiles Kotlin files together, as a user would. The compiler is a process of its own. */
final class KotlinCompilation {
    /** An error at a line. The text has the message, which may have several lines, and the line itself. */
    record Problem(String file, int line, String text) {}

    private static final Pattern HEAD =
            Pattern.compile("(?m)^\\S*?(\\w+\\.kt):(\\d+):\\d+: error: ");

    private final Map<String, String> files = new TreeMap<>();

    KotlinCompilation file(String name, String text) {
        files.put(name, text);
        return this;
    }

    /** Returns the errors. All come from one phase, so a mistake in one file hides none in another. */
    List<Problem> problems(Path folder) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        for (Map.Entry<String, String> each : files.entrySet()) {
            Path file = Files.writeString(folder.resolve(each.getKey()), each.getValue());
            arguments.add(file.toString());
        }
        String path = System.getProperty("java.class.path");
        Path classes = folder.resolve("classes");
        arguments.addAll(List.of("-classpath", path, "-d", classes.toString()));
        arguments.addAll(List.of("-no-stdlib", "-no-reflect", "-nowarn", "-Xjdk-release=17"));
        ChildProcess.End end =
                ChildProcess.run(
                        2, List.of(), K2JVMCompiler.class, arguments.toArray(String[]::new));
        List<Problem> problems = problemsIn(end.printed());
        if (end.code() == 0 != problems.isEmpty()) {
            throw new AssertionError("the compiler ended with " + end);
        }
        return problems;
    }

    private static List<Problem> problemsIn(String printed) {
        List<Problem> problems = new ArrayList<>();
        Matcher head = HEAD.matcher(printed);
        int from = head.find() ? head.start() : -1;
        while (from >= 0) {
            String file = head.group(1);
            int line = Integer.parseInt(head.group(2));
            int text = head.end();
            from = head.find() ? head.start() : -1;
            problems.add(
                    new Problem(
                            file,
                            line,
                            printed.substring(text, from < 0 ? printed.length() : from)));
        }
        return problems;
    }
}
