package io.github.coro4j.dex;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.android.tools.r8.D8;
import com.android.tools.r8.R8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of D8 or R8 in a process of its own, because R8 needs more memory than the tests do. Each warning counts as an
 * error. R8 runs in full mode, and reads the rules in the directory META-INF of its inputs by itself.
 */
final class Compiler {
    private static final String MIN_API = "26";

    private final Class<?> tool;
    private final String name;
    private final List<String> arguments = new ArrayList<>();

    private Compiler(Class<?> tool, String name) {
        this.tool = tool;
        this.name = name;
        arguments.add("--release");
        arguments.addAll(List.of("--lib", System.getProperty("java.home")));
        arguments.addAll(List.of("--map-diagnostics", "warning", "error"));
    }

    /** Creates a run whose files in {@link Jars#DIRECTORY} have names that begin with the name. */
    static Compiler d8(String name) {
        Compiler compiler = new Compiler(D8.class, name);
        compiler.arguments.addAll(List.of("--min-api", MIN_API));
        return compiler;
    }

    /** Creates a run that writes a dex file. */
    static Compiler r8(String name) {
        Compiler compiler = r8ForClasses(name);
        compiler.arguments.addAll(List.of("--min-api", MIN_API));
        return compiler;
    }

    /** Creates a run that writes class files, for which R8 accepts no API level. */
    static Compiler r8ForClasses(String name) {
        Compiler compiler = new Compiler(R8.class, name);
        compiler.add("--pg-map-output", compiler.file(".mapping.txt"));
        compiler.add("--pg-conf-output", compiler.file(".rules.txt"));
        return compiler;
    }

    /** Adds the classes of Android to those of the JDK. */
    Compiler android() {
        add("--lib", Jars.android());
        return this;
    }

    Compiler classPath(List<Path> jars) {
        jars.forEach(jar -> add("--classpath", jar));
        return this;
    }

    Compiler inputs(List<Path> jars) {
        jars.forEach(jar -> arguments.add(jar.toString()));
        return this;
    }

    /** Keeps the method main of the class, and what the other rules say. */
    Compiler keepMain(String main, String... others) {
        List<String> rules = new ArrayList<>(List.of(others));
        rules.add("-keep class " + main + " { public static void main(java.lang.String[]); }");
        return keep(rules);
    }

    Compiler keep(List<String> rules) {
        Path file = file(".pro");
        try {
            Files.createDirectories(Jars.DIRECTORY);
            Files.write(file, rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        add("--pg-conf", file);
        return this;
    }

    /** Writes a dex file, or fails the test if there is an error. */
    DexFile toDex() {
        succeed("-dex.zip", List.of());
        return DexFile.in(file("-dex.zip"));
    }

    /** Writes class files, or fails the test if there is an error. */
    Path toClasses() {
        succeed("-classes.jar", List.of("--classfile"));
        return file("-classes.jar");
    }

    private void succeed(String suffix, List<String> options) {
        Java.End end = run(suffix, options);
        assertEquals("", end.printed());
        assertEquals(0, end.code());
    }

    /** Runs the compiler, and returns its exit code and what it printed. */
    Java.End run(String suffix, List<String> options) {
        add("--output", file(suffix));
        arguments.addAll(options);
        return Java.run(List.of("-Xmx3g"), List.of(Jars.location(tool)), tool.getName(), arguments);
    }

    private void add(String option, Path file) {
        arguments.add(option);
        arguments.add(file.toString());
    }

    private Path file(String suffix) {
        return Jars.DIRECTORY.resolve(name + suffix);
    }
}
