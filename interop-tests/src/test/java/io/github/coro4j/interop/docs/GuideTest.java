package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Program;
import io.github.coro4j.interop.testing.Snippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the code of the guide. A snippet with a {@code main} method is a program: it is compiled and run, and the plain block
 * after it is its output. Every other snippet is a region of a test.
 */
@Timeout(120)
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide");
    private static final Path TESTS = Path.of("src", "test");

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @TempDir Path folder;

    /** The regions of all tests, by language. */
    private static Map<String, Set<String>> regions;

    @BeforeAll
    static void readRegions() throws IOException {
        regions =
                Map.of(
                        "java", Snippets.regionsBelow(TESTS.resolve("java")),
                        "kotlin", Snippets.regionsBelow(TESTS.resolve("kotlin")));
    }

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(GUIDE)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    // AndroidPageTest and ScalingOutPageTest check these pages, beside their code.
                    .filter(name -> !Set.of("android.md", "scaling-out.md").contains(name))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void programs_printWhatThePageSays(String page) throws Exception {
        int programs = Program.assertOutputsOf(GUIDE.resolve(page), folder);
        assertTrue(programs > 0, "a page of the guide has a program");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void otherSnippets_areRegionsOfTests(String page) {
        regions.forEach(
                (language, ofTests) -> {
                    for (String snippet : Snippets.fenced(GUIDE.resolve(page), language)) {
                        if (!Program.isProgram(snippet)) {
                            assertTrue(ofTests.contains(snippet), snippet);
                        }
                    }
                });
    }
}
