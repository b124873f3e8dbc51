package io.github.coro4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: its current directory, its exit code, its streams as bytes. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its file names have no backslash or line break")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestMainTest {
    @TempDir Path root;

    private record Ended(int code, byte[] out, byte[] err) {
        String outText() {
            return new String(out, UTF_8);
        }

        String errText() {
            return new String(err, UTF_8);
        }
    }

    @Test
    void namesPathsInTheCurrentDirectoryAsFindDoes() throws Exception {
        DigestTree tree = DigestTree.ofTroublesomeFiles(root);

        Ended run = run(Map.of());

        assertEquals(tree.sums("./"), run.outText());
        assertEquals("", run.errText(), "no bar where standard error is no terminal");
        assertEquals(0, run.code());
    }

    @Test
    void exitsWithTwoForBadArguments() throws Exception {
        Ended bad = run(Map.of(), "--at-once", "none");

        assertEquals(2, bad.code());
        assertTrue(bad.errText().contains("--at-once \"none\""), bad.errText());
        assertEquals("", bad.outText());
    }

    /** In the C locale Java has no character for these bytes; the file is found, read and named all the same. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse names that are no UTF-8")
    void keepsTheBytesOfNamesThatTheCharsetCannotDecode() throws Exception {
        DigestProcess.sh(
                root,
                List.of("sha256sum"),
                "for n in '\\377' '\\376' 'caf\\303\\251' 'z'; do printf x > \"$(printf \"$n\")\"; done");
        byte[] expected =
                DigestProcess.sh(
                        root, List.of("sha256sum"), "LC_ALL=C; export LC_ALL; sha256sum ./*");
        String hex = HexFormat.of().formatHex(expected);
        assertTrue(hex.contains("2e2fff0a") && hex.contains("2e2ffe0a"), hex);

        for (String locale : List.of("C", "C.UTF-8")) {
            Ended run = run(Map.of("LC_ALL", locale));
            assertArrayEquals(expected, run.out(), locale + ": " + run.outText());
            assertEquals("", run.errText());
            assertEquals(0, run.code());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have no charset but UTF-8")
    void refusesADirectoryThatTheCharsetCannotSpell() throws Exception {
        Ended run = run(Map.of("LC_ALL", "C"), "caf\u00e9");

        assertEquals(2, run.code());
        assertTrue(run.errText().contains("LC_ALL"), run.errText());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse names that are no UTF-8")
    void refusesACurrentDirectoryThatTheCharsetCannotSpell() throws Exception {
        DigestProcess.sh(root, List.of("mkdir"), "mkdir \"$(printf '\\377')\"");
        // The shell goes there: Java could not.
        List<String> starter = List.of("sh", "-c", "cd \"$(printf '\\377')\" && exec \"$@\"", "sh");

        Ended run = ended(DigestProcess.java(starter, root, Map.of(), Digest.class));

        assertEquals(2, run.code());
        assertTrue(run.errText().contains("the current directory \".\""), run.errText());
        assertTrue(run.errText().contains("give the full path"), run.errText());
    }

    private Ended run(Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        return ended(DigestProcess.java(root, environment, Digest.class, args));
    }

    private static Ended ended(Process process) throws IOException, InterruptedException {
        try {
            // What is written to standard error here is far less than a pipe holds.
            byte[] out = process.getInputStream().readAllBytes();
            byte[] err = process.getErrorStream().readAllBytes();
            return new Ended(process.waitFor(), out, err);
        } finally {
            process.destroyForcibly();
        }
    }
}
