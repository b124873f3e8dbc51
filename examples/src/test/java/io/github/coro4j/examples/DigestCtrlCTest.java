package io.github.coro4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real signal to a real process that is really in the middle. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGINT to send")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestCtrlCTest {
    @TempDir Path root;

    @Test
    void cancelsTheGroupWaitsForItsBodiesAndTellsHowManyWereDone() throws Exception {
        DigestTree tree = new DigestTree(root);
        for (int i = 10; i < 16; i++) {
            tree.add(i + " free", "x");
            tree.add(i + 10 + " held", "x");
        }
        Process process =
                DigestProcess.java(root, Map.of(), DigestHeldMain.class, "--at-once", "4");
        try (BufferedReader err = DigestProcess.errLines(process)) {
            // Four at once: when the fourth held file is being read, the six free ones have ended.
            for (int i = 0; i < 4; i++) {
                assertEquals("reading", err.readLine());
            }
            DigestProcess.interrupt(process);

            assertEquals(
                    List.of(
                            "closed",
                            "closed",
                            "closed",
                            "closed",
                            "cancelled: 6 of 12 files done"),
                    err.lines().toList());
            assertEquals(130, process.waitFor());
            assertEquals("", new String(process.getInputStream().readAllBytes(), UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsAtOnceWhenTheWorkIsOverAndTheOutputIsNotRead() throws Exception {
        DigestTree tree = new DigestTree(root);
        // More lines than a pipe holds.
        for (int i = 0; i < 1000; i++) {
            tree.add("n".repeat(200) + i, "");
        }
        Process process = DigestProcess.java(root, Map.of(), Digest.class);
        try {
            int first = process.getInputStream().read();
            assertEquals(tree.sums("./").charAt(0), first);
            DigestProcess.interrupt(process);

            assertEquals(130, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }
}
