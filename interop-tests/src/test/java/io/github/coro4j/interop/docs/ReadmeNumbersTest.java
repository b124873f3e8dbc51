package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.spi.BuildInfo;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the sizes and versions that the README states with those of this build. */
class ReadmeNumbersTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path BUILD = Path.of("..", "pom.xml");
    private static final Path CONSUMER = Path.of("..", "consumer-tests", "pom.xml");

    @Test
    void dependencies_haveTheVersionOfTheBuild() throws Exception {
        String readme = Files.readString(README);
        Set<String> stated =
                Pattern.compile("<version>([^<]+)</version>|:coro4j:([^\")]+)")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                        .collect(Collectors.toSet());
        assertEquals(Set.of(BuildInfo.version()), stated);
    }

    @Test
    void jarsAndTheirSize_areThoseOfTheRunTimeClassPath() throws Exception {
        MatchResult stated = only("(\\d+) jars, about (\\d+\\.\\d) MB");
        List<Path> jars = RuntimeJars.ofTheEngine();
        assertEquals(Integer.parseInt(stated.group(1)), jars.size(), jars::toString);
        // The README counts the oldest Kotlin and kotlinx.coroutines, for which the POM asks. The
        // newest are a quarter of a megabyte larger.
        double megabytes = RuntimeJars.bytes(jars) / 1e6;
        assertEquals(Double.parseDouble(stated.group(2)), megabytes, 0.3, jars::toString);
    }

    @Test
    void compatibilityRow_hasTheVersionsOfTheBuild() throws Exception {
        MatchResult row = only("(?m)^\\| Coro4j \\| Kotlin \\| .*\\n\\| --- .*\\n\\| (.+) \\|$");
        String[] cells = row.group(1).split(" \\| ");
        assertEquals(7, cells.length, row.group(1));
        assertEquals(majorAndMinor(BuildInfo.version()), cells[0]);
        assertEquals(range("oldest.kotlin", "kotlin"), cells[1]);
        assertEquals(range("oldest.coroutines", "coroutines"), cells[2]);
        String compiler = only(CONSUMER, "<oldest.compiler.version>([0-9.]+)<").group(1);
        assertEquals(compiler + " or later", cells[5]);
        assertEquals(
                majorAndMinor(versionIn("oldest.spring-boot"))
                        + " and "
                        + majorAndMinor(versionIn("spring-boot")),
                cells[6]);
        assertEquals(
                "%d or later (tested on %d and %d)"
                        .formatted(
                                lowestJdk(),
                                lowestJdk(),
                                numberInTheBuild("<version>\\[(\\d+),\\d+\\)")),
                cells[3]);
        int android = numberInTheBuild("gummy-bears-api-(\\d+)<");
        assertTrue(cells[4].startsWith("API " + android + " or later"), cells[4]);
    }

    private static MatchResult only(String pattern) throws IOException {
        return only(README, pattern);
    }

    private static MatchResult only(Path file, String pattern) throws IOException {
        List<MatchResult> found =
                Pattern.compile(pattern).matcher(Files.readString(file)).results().toList();
        assertEquals(1, found.size(), file + " must have this once: " + pattern);
        return found.get(0);
    }

    /** Returns the versions between which the tests run, such as "1.9.25 to 2.4". */
    private static String range(String oldest, String newest) throws IOException {
        return versionIn(oldest) + " to " + majorAndMinor(versionIn(newest));
    }

    private static String versionIn(String property) throws IOException {
        return only(BUILD, "<" + property + "\\.version>(.+)<").group(1);
    }

    private static int numberInTheBuild(String pattern) throws IOException {
        return Integer.parseInt(only(BUILD, pattern).group(1));
    }

    private static String majorAndMinor(String version) {
        return Arrays.stream(version.split("\\.")).limit(2).collect(Collectors.joining("."));
    }

    /** Returns the JDK for which the class files are made. */
    private static int lowestJdk() throws IOException {
        try (DataInputStream in =
                new DataInputStream(Future.class.getResourceAsStream("Future.class"))) {
            in.readInt(); // the magic number
            in.readUnsignedShort(); // the minor version
            return in.readUnsignedShort() - 44;
        }
    }
}
