package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.coro4j.interop.testing.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The library survives in a JVM that has run out of threads or of heap. The JVM is a process of its own. */
class ExhaustionTest {
    /** Options that give each thread a stack so large that the limit below allows only a few threads. */
    private static final List<String> FEW_THREADS =
            List.of(
                    "-Xss1g",
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:CompressedClassSpaceSize=32m",
                    "-XX:ReservedCodeCacheSize=64m");

    private static final List<String> LIMITED =
            List.of("sh", "-c", "ulimit -v 24000000 && exec \"$@\"", "sh");

    private static final List<String> SMALL_HEAP = List.of("-Xmx24m", "-XX:+UseSerialGC");

    @Test
    void bodiesThatNoThreadCanRunFailAndLaterBodiesRun() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux limits address space so");
        assumeTrue(
                Runtime.version().feature() < 24,
                "a virtual thread that cannot have its first carrier leaves its class unusable");
        ChildProcess.End end = ChildProcess.run(LIMITED, 1, FEW_THREADS, NoThreads.class);
        String refused = "java.lang.OutOfMemoryError: unable to create native thread";
        assertEquals(
                List.of(
                        "body: " + refused,
                        "group: 2",
                        "mapped: " + refused,
                        "later: 2",
                        "both callbacks have run",
                        "a wait ends: true",
                        "closed"),
                linesOf(end));
    }

    @Test
    void bodiesThatFillTheHeapFailAndTheOthersRun() throws Exception {
        ChildProcess.End end = ChildProcess.run(1, SMALL_HEAP, FullHeap.class);
        assertEquals(
                List.of("all ended; some failed: true", "later: 2", "callbacks: 1", "closed"),
                linesOf(end));
    }

    /** Returns the lines without warnings of the JVM, and without the end of its error message. */
    private static List<String> linesOf(ChildProcess.End end) {
        List<String> lines = new ArrayList<>();
        for (String line : end.printed().split("\n")) {
            if (!line.contains("[warning]") && !line.contains("VM warning")) {
                lines.add(line.replaceFirst(": possibly out of memory.*", ""));
            }
        }
        return lines;
    }
}
