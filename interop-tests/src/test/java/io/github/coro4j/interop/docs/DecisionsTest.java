package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each decision in docs/adr is short, and has the same headings. */
class DecisionsTest {
    private static final int MOST_LINES = 40;
    private static final Path DECISIONS = Path.of("..", "docs", "adr");

    static List<String> decisions() throws IOException {
        try (Stream<Path> files = Files.list(DECISIONS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void eachDecision_hasThreeHeadingsAndFitsOnAScreen(String decision) throws IOException {
        List<String> lines = Files.readAllLines(DECISIONS.resolve(decision));
        int number = Integer.parseInt(decision.substring(0, 4));
        assertTrue(lines.get(0).startsWith("# " + number + ". "), lines.get(0));
        assertTrue(lines.get(2).startsWith("Accepted, "), lines.get(2));
        assertEquals(
                List.of("## Context", "## Decision", "## Consequences"),
                lines.stream().filter(line -> line.startsWith("##")).toList());
        assertTrue(lines.size() <= MOST_LINES, lines.size() + " lines");
    }
}
