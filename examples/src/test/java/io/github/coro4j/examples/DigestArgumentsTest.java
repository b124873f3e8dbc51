package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestArgumentsTest {
    @TempDir Path root;

    @Test
    void theDefaultsAreTheCurrentDirectoryAndEightAtOnce() {
        assertEquals(new DigestArguments(".", 8, false), DigestArguments.parse());
    }

    @Test
    void optionsMayStandOnEitherSideOfTheDirectory() {
        String directory = root.toString();
        DigestArguments three = new DigestArguments(directory, 3, false);

        assertEquals(three, DigestArguments.parse("--at-once", "3", directory));
        assertEquals(three, DigestArguments.parse(directory, "--at-once", "3"));
        assertEquals(three, DigestArguments.parse("--at-once=3", "--", directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "eight", "", "2147483648", "1.5"})
    void aLimitThatIsNoCountIsRefused(String count) {
        assertRefused("--at-once \"" + count + "\"", "such as --at-once 8", "--at-once", count);
        assertRefused("--at-once \"" + count + "\"", "such as --at-once 8", "--at-once=" + count);
    }

    @Test
    void aLimitWithoutItsNumberIsRefused() {
        assertRefused("--at-once needs a number", "such as --at-once 8", "--at-once");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertRefused("no option --frob", "see --help", "--frob");
        assertRefused("no option -v", "./-v", "-v");
    }

    @Test
    void aSecondDirectoryIsRefused() {
        String directory = root.toString();
        assertRefused("\"" + directory + "\" and \"b\"", "give one", directory, "b");
    }

    @Test
    void aDirectoryThatDoesNotExistIsRefused() {
        String missing = root.resolve("missing").toString();
        assertRefused("\"" + missing + "\" does not exist", "or none for the current one", missing);
    }

    @Test
    void aFileInPlaceOfADirectoryIsRefused() {
        String file = new DigestTree(root).add("file", "x").toString();
        assertRefused("\"" + file + "\" is not a directory", "give a directory", file);
    }

    @Test
    void aDashDirectoryAfterTwoDashesIsADirectory() {
        assertRefused("\"-none\" does not exist", "give a directory", "--", "-none");
    }

    @Test
    void anEmptyDirectoryNameIsRefused() {
        assertRefused("the directory is an empty text", "leave it out", "");
    }

    @Test
    void aDirectoryNameThatIsNoFileNameIsRefused() {
        assertRefused("the directory \"a\0b\"", "give none", "a\0b");
    }

    @Test
    void helpGoesToStandardOutput() {
        DigestRun run = DigestRun.of("--help");

        assertEquals(new DigestRun(0, DigestArguments.USAGE, ""), run);
        assertTrue(run.out().contains("default: " + DigestArguments.DEFAULT_AT_ONCE), run.out());
    }

    private static void assertRefused(String names, String wayOut, String... args) {
        DigestRun run = DigestRun.of(args);
        assertAll(
                () -> assertEquals(2, run.code()),
                () -> assertEquals("", run.out()),
                () -> assertTrue(run.err().startsWith("digest: "), run.err()),
                () -> assertTrue(run.err().contains(names), run.err()),
                () -> assertTrue(run.err().contains(wayOut), run.err()));
    }
}
