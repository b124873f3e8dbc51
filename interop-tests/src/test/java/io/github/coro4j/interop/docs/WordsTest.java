package io.github.coro4j.interop.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Comments and messages name their actor, and describe a method in their own words. This test finds words that make a
 * reader translate.
 */
class WordsTest {
    private static final Pattern WORDS =
            Pattern.compile(
                    "\\b(?i:nobody|somebody|whoever|no one)\\b|\\bAs \\{@link|\\bAs \\[(?=[a-zA-Z.]+\\])");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java-api",
                "kotlin-impl",
                "bridges",
                "observe",
                "interop-tests",
                "spring-tests",
                "examples",
                "stress",
                "benchmarks"
            })
    void commentsAndMessagesNameTheirActor(String module) throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> sources = sources(Path.of("..", module, "src"));
        assertFalse(sources.isEmpty(), module);
        for (Path source : sources) {
            int number = 0;
            for (String line : Files.readAllLines(source)) {
                number++;
                if (isWrong(line)) {
                    found.add(source.getFileName() + ":" + number + ": " + line.strip());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().matches(".*\\.(java|kt)"))
                    .filter(file -> !file.endsWith("WordsTest.java")) // it quotes the words
                    .toList();
        }
    }

    private static boolean isWrong(String line) {
        String prose = line.replaceAll("\\{@code [^}]*}|`[^`]*`", "");
        return WORDS.matcher(prose).find();
    }

    @Test
    void badWords_areFoundInCommentsAndMessages() {
        assertTrue(isWrong(" * Called by nobody."));
        assertTrue(isWrong("    // Whoever ends it"));
        assertTrue(isWrong("/** As {@link Task#join}. */"));
        assertTrue(isWrong("    /** As [awaitEnd], for anything. */"));
        assertTrue(isWrong("int n = 1; // for somebody"));
        assertFalse(isWrong(" * Prints {@code nobody read it}."));
        assertTrue(isWrong("throw refusal(\"nobody waits\")"));
        assertFalse(isWrong(" * The same as {@link Task#join}."));
    }
}
