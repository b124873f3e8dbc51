package io.github.coro4j.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/scaling-out.md is the code of this module, which the other tests run. */
class ScalingOutPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "guide", "scaling-out.md");
    private static final Path CODE = Path.of("src", "main", "java");

    @Test
    void eachSnippetIsARegion_andEachRegionASnippet() throws IOException {
        Set<String> snippets = new HashSet<>(found("(?ms)^```java\\n(.*?)^```$", PAGE));
        Set<String> regions = new HashSet<>();
        try (Stream<Path> sources = Files.walk(CODE)) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                regions.addAll(found("(?ms)^ *// region.*?\\n(.*?)^ *// endregion", source));
            }
        }
        assertEquals(regions, snippets);
        assertTrue(snippets.size() >= 7, "only " + snippets.size());
    }

    @Test
    void thePageHasTheMessageOfTheProgram() throws IOException {
        String page = Files.readString(PAGE);
        assertTrue(
                page.contains(Cluster.missing(ClusterDigest.CLUSTER, 1, 3, "127.0.0.1:37011")),
                "the message of a missing cluster");
    }

    /** Returns the first groups, without what a formatter may change. */
    private static List<String> found(String pattern, Path file) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        return matcher.results().map(each -> each.group(1).replaceAll("\\s+", "")).toList();
    }
}
