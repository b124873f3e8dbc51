package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.Snippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every block of Java in docs/frameworks.md is a region of the tests in the module that runs it. */
class FrameworksDocTest {
    private static final Path PAGE = Path.of("../docs/frameworks.md");
    private static final Path TESTS = Path.of("../spring-tests/src/test/java");

    @Test
    void everyBlockOfThePageIsARegionOfTheTests() throws IOException {
        Set<String> regions = Snippets.regionsBelow(TESTS);
        List<String> blocks = Snippets.fenced(PAGE, "java");
        assertFalse(blocks.isEmpty());
        for (String block : blocks) {
            assertTrue(regions.contains(block), block);
        }
    }

    @Test
    void linkedFile_exists() throws IOException {
        String link = "../spring-tests/src/test/java/io/github/coro4j/spring/HangUps.java";
        assertTrue(Files.readString(PAGE).contains("](" + link + ")"));
        assertTrue(Files.exists(PAGE.resolveSibling(link)));
    }
}
