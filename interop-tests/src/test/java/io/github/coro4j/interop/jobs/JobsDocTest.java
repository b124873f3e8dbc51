package io.github.coro4j.interop.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.interop.testing.Snippets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every snippet of docs/jobs.md is a region of a test of this package, in the order of the page. */
class JobsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "jobs.md");
    private static final Path JAVA = Path.of("src/test/java/io/github/coro4j/interop/jobs");
    private static final Path KOTLIN = Path.of("src/test/kotlin/io/github/coro4j/interop/jobs");

    @Test
    void everyJavaSnippetIsARegionOfATest() {
        List<String> regions =
                List.of(
                                "HttpJobsTest",
                                "BlockingJobsTest",
                                "SuspendJobTest",
                                "LifetimeJobsTest",
                                "ShutdownJob")
                        .stream()
                        .flatMap(test -> Snippets.regions(JAVA.resolve(test + ".java")).stream())
                        .toList();
        assertEquals(Snippets.fenced(PAGE, "java"), regions);
    }

    @Test
    void everyKotlinSnippetIsARegionOfATest() {
        assertEquals(
                Snippets.fenced(PAGE, "kotlin"),
                Snippets.regions(KOTLIN.resolve("SuspendJobKotlinTest.kt")));
    }
}
