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
 * Comments, messages and pages name their actor, and describe a method in their own words. This test finds words that
 * make a reader translate.
 */
class WordsTest {
    private static final Pattern WORDS =
            Pattern.compile(
                    "\\b(?i:nobody|somebody|whoever|no one)\\b"
                            + "|\\bstands? twice\\b|\\bto be had\\b"
                            + "|\\b(?:is|are|was|were|been) told\\b"
                            + "|\\bAs \\{@link|\\bAs \\[(?=[a-zA-Z.]+\\])");

    private static final Path ROOT = Path.of("..");

    /** A block of code in a page. Its lines stay, so that the numbers of the others are right. */
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java-api",
                "kotlin-impl",
                "bridges",
                "observe",
                "interop-tests",
                "spring-boot-starter",
                "examples",
                "examples/cluster",
                "stress",
                "benchmarks"
            })
    void commentsAndMessagesNameTheirActor(String module) throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> sources = sources(ROOT.resolve(module).resolve("src"));
        assertFalse(sources.isEmpty(), module);
        for (Path source : sources) {
            addWrongLines(source, Files.readString(source), found);
        }
        assertEquals(List.of(), found);
    }

    @Test
    void pagesNameTheirActor() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path page : pages()) {
            addWrongLines(page, prose(Files.readString(page)), found);
        }
        assertEquals(List.of(), found);
    }

    private static void addWrongLines(Path file, String text, List<String> found) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (isWrong(line)) {
                found.add(file.getFileName() + ":" + number + ": " + line.strip());
            }
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String page : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
            pages.add(ROOT.resolve(page));
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.endsWith("rules-index.md")) // it has names of methods
                    .sorted()
                    .forEach(pages::add);
        }
        return pages;
    }

    /** Returns a page with blank lines in place of its code. */
    private static String prose(String page) {
        return FENCE.matcher(page)
                .replaceAll(code -> "\n".repeat((int) code.group().lines().count() - 1));
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
        assertTrue(isWrong("The listener is told of each step."));
        assertTrue(isWrong("a child given twice stands twice"));
        assertTrue(isWrong("its value is to be had later"));
        assertFalse(isWrong("stands beside it, and has to be handed over"));
        assertFalse(isWrong(" * The same as {@link Task#join}."));
    }

    @Test
    void codeInPages_isNotRead() {
        assertEquals("one\n\n\n\ntwo\n", prose("one\n```java\n// nobody\n```\ntwo\n"));
    }
}
