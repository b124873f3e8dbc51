package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the sizes and versions that the README states with those of this build. */
class ReadmeNumbersTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path BUILD = Path.of("..", "pom.xml");

    @Test
    void dependencies_haveTheVersionOfTheBuild() throws Exception {
        String readme = Files.readString(README);
        Set<String> stated =
                Pattern.compile("<version>([^<]+)</version>|:coro4j:([^\")]+)")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group(1) != null ? found.group(1) : found.group(2))
                        .collect(Collectors.toSet());
        assertEquals(Set.of(versionOfTheBuild()), stated);
    }

    @Test
    void jarsAndTheirSize_areThoseOfTheRunTimeClassPath() throws Exception {
        MatchResult stated = only("(\\d+) jars, about (\\d+\\.\\d) MB");
        List<Path> jars = RuntimeJars.ofTheEngine();
        assertEquals(Integer.parseInt(stated.group(1)), jars.size(), jars::toString);
        // The README rounds the size, and a class folder packed by this test differs a little from
        // its jar.
        double megabytes = RuntimeJars.bytes(jars) / 1e6;
        assertEquals(Double.parseDouble(stated.group(2)), megabytes, 0.1, jars::toString);
    }

    @Test
    void compatibilityRow_hasTheVersionsOfTheBuild() throws Exception {
        MatchResult row = only("(?m)^\\| Coro4j \\| Kotlin \\| .*\\n\\| --- .*\\n\\| (.+) \\|$");
        String[] cells = row.group(1).split(" \\| ");
        assertEquals(5, cells.length, row.group(1));
        assertEquals(majorAndMinor(versionOfTheBuild()), cells[0]);
        assertEquals(majorAndMinor(kotlin.KotlinVersion.CURRENT.toString()), cells[1]);
        assertEquals(majorAndMinor(versionOfCoroutines()), cells[2]);
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

    private static int numberInTheBuild(String pattern) throws IOException {
        return Integer.parseInt(only(BUILD, pattern).group(1));
    }

    private static String majorAndMinor(String version) {
        return Arrays.stream(version.split("\\.")).limit(2).collect(Collectors.joining("."));
    }

    private static String versionOfTheBuild() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Future.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    private static String versionOfCoroutines() throws IOException {
        ClassLoader loader = kotlinx.coroutines.Job.class.getClassLoader();
        try (InputStream in =
                loader.getResourceAsStream("META-INF/kotlinx_coroutines_core.version")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
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
