package io.github.coro4j.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.coroutines.FutureFailedException;
import io.github.coro4j.observe.JmxScopes;
import io.github.coro4j.test.Coro4jTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the API of this build with that of the last release, whose version {@code .mvn/maven.config} gives in
 * {@code last.release}. The profile {@code last-release} copies its jars here.
 */
class LastReleaseTest {
    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\d\\S*)");

    private static final Map<String, Class<?>> ARTIFACTS =
            Map.of(
                    "coro4j-api", Future.class,
                    "coro4j-bridges", GuavaFutures.class,
                    "coro4j", FutureFailedException.class,
                    "coro4j-observe", JmxScopes.class,
                    "coro4j-test", Coro4jTest.class);

    private final String lastRelease = System.getProperty("last.release", "");

    @TempDir Path folder;

    /** Makes sure that the comparison begins after the first release. */
    @Test
    void lastRelease_isTheNewestOfTheChangeLog() throws Exception {
        String version = version();
        String newest =
                HEADING.matcher(Files.readString(Modules.ROOT.resolve("CHANGELOG.md")))
                        .results()
                        .map(found -> found.group(1))
                        .filter(each -> !each.equals(version))
                        .findFirst()
                        .orElse("");
        assertEquals(
                newest,
                lastRelease,
                "CHANGELOG.md and -Dlast.release in .mvn/maven.config name the last release");
    }

    @Test
    void theApi_isCompatible() throws Exception {
        if (lastRelease.isEmpty()) {
            System.out.println("There is no release yet, so there is no API to compare with.");
            return;
        }
        TreeSet<String> changes = new TreeSet<>();
        for (Map.Entry<String, Class<?>> each : ARTIFACTS.entrySet()) {
            Path old =
                    Path.of("target", "last-release", each.getKey() + "-" + lastRelease + ".jar");
            assertTrue(Files.exists(old), () -> old + " is missing");
            Path classes =
                    Path.of(
                            each.getValue()
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            Path now = Jars.jarOf(classes, folder.resolve(each.getKey() + ".jar"));
            changes.addAll(ApiComparison.incompatible(old, now));
        }
        assertEquals(
                List.of(),
                CompareWithRelease.problems(
                        lastRelease,
                        version(),
                        changes,
                        CompareWithRelease.accepted(Path.of("api", "accepted-changes.txt"))));
    }

    private static String version() throws Exception {
        return Pom.read(Modules.ROOT.resolve("pom.xml")).text("version");
    }
}
