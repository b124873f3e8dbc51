package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every block of Java in docs/frameworks.md is a region of the example for Spring, or of its tests. */
class FrameworksDocTest {
    private static final Path PAGE = Path.of("../docs/frameworks.md");
    private static final Path EXAMPLE = Path.of("../examples/spring/src");

    @Test
    void everyBlockOfThePageIsARegionOfTheTests() throws IOException {
        Set<String> regions = Snippets.regionsBelow(EXAMPLE);
        List<String> blocks = Snippets.fenced(PAGE, "java");
        assertFalse(blocks.isEmpty());
        for (String block : blocks) {
            assertTrue(regions.contains(block), block);
        }
    }
}
