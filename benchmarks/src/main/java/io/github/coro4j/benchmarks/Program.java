package io.github.coro4j.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The programs beside JMH's, each in a JVM of its own, with the options that it needs. */
enum Program {
    CHECK(Check.class),
    ROUNDS(Rounds.class, Contest.HEAP_FROM, Contest.HEAP_TO),
    THREADS(Threads.class),
    ASYNC(AsyncGather.class, Contest.HEAP_FROM, Contest.HEAP_TO),
    // Without these jol cannot look into the JDK's own classes, or says a lot about it.
    RETAINED(
            Retained.class,
            "-Djdk.attach.allowAttachSelf=true",
            "-XX:+EnableDynamicAgentLoading",
            "-Djol.magicFieldOffset=true",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED"),
    // No collection happens within a run: what a child costs is not the collector's.
    SCALE(Scale.class, "-XX:+UseParallelGC", "-Xms3g", "-Xmx3g", "-Xmn2g", "-XX:+AlwaysPreTouch"),
    SLEEPERS(Sleepers.class, "-Xmx400m", "-XX:+ExitOnOutOfMemoryError");

    /** Names the file in which a program leaves what the bars need. */
    private static final String FILE = "coro4j.benchmarks.measured";

    private final Class<?> main;
    private final List<String> options;

    Program(Class<?> main, String... options) {
        this.main = main;
        this.options = List.of(options);
    }

    /** Its exit code. */
    int run(String... arguments) throws IOException, InterruptedException {
        return run(List.of(), arguments);
    }

    /** What it has left with {@link #leave}. */
    Properties runAndRead(String... arguments) throws IOException, InterruptedException {
        Path file = Files.createTempFile("coro4j", ".properties");
        try {
            run(List.of("-D" + FILE + "=" + file), arguments);
            Properties measured = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                measured.load(reader);
            }
            return measured;
        } finally {
            Files.delete(file);
        }
    }

    static void leave(Properties measured) throws IOException {
        String file = System.getProperty(FILE);
        if (file == null) {
            return;
        }
        try (Writer writer = Files.newBufferedWriter(Path.of(file))) {
            measured.store(writer, null);
        }
    }

    private int run(List<String> more, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.add(Contest.NO_ASSERTIONS);
        command.add(Contest.NO_DEBUG);
        command.add(Contest.TWO_THREADS);
        if (Structured.isHere()) {
            command.add(Contest.PREVIEW);
        }
        command.addAll(options);
        command.addAll(more);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
