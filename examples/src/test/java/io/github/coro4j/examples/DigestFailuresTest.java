package io.github.coro4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its permissions and names differ")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestFailuresTest {
    @TempDir Path root;
    private DigestTree tree;

    @BeforeEach
    void fill() {
        tree = new DigestTree(root);
        tree.add("a", "x");
        tree.add("d/victim", "x");
        tree.add("z", "x");
    }

    @Test
    void aFileThatVanishedAfterItWasListedIsAFailure() {
        DigestRun run = withStepBefore("victim", Files::delete);

        assertOnlyVictimFailed("vanished while the program ran", run);
    }

    @Test
    void aFileThatBecameADirectoryIsAFailure() {
        DigestRun run =
                withStepBefore(
                        "victim",
                        file -> {
                            Files.delete(file);
                            Files.createDirectory(file);
                        });

        assertOnlyVictimFailed("is no longer a regular file", run);
    }

    @Test
    void aFileThatBecameALinkIsNotFollowed() {
        DigestRun run =
                withStepBefore(
                        "victim",
                        file -> {
                            Files.delete(file);
                            Files.createSymbolicLink(file, root.resolve("a"));
                        });

        assertOnlyVictimFailed("is no longer a regular file", run);
    }

    @Test
    void aFileWhoseDirectoryBecameAFileIsAFailure() {
        DigestRun run =
                withStepBefore(
                        "victim",
                        file -> {
                            Files.delete(file);
                            Files.delete(file.getParent());
                            Files.createFile(file.getParent());
                        });

        // Newer JDKs see no difference between this and a file that is gone.
        assertOnlyVictimFailed(
                run.err().contains("vanished")
                        ? "vanished while the program ran"
                        : "Not a directory",
                run);
    }

    @Test
    void aFileWithoutPermissionIsAFailure() throws IOException {
        Path victim = root.resolve("d/victim");
        Files.setPosixFilePermissions(victim, Set.of());

        // Permissions do not stop root: there, the reader says what the system would tell others.
        DigestRun run =
                Files.isReadable(victim)
                        ? withStepBefore(
                                "victim",
                                file -> {
                                    throw new AccessDeniedException(file.toString());
                                })
                        : DigestRun.of(root.toString());

        assertOnlyVictimFailed("no permission to read it", run);
    }

    @Test
    void aReadErrorInTheMiddleOfAFileIsAFailure() {
        tree.add("d/victim", new byte[200_000]);
        DigestReader reader =
                file -> {
                    ReadableByteChannel bytes = DigestReader.openFile(file);
                    int[] reads = {0};
                    return file.endsWith("victim")
                            ? new DigestChannel(
                                    bytes,
                                    () -> {
                                        if (++reads[0] == 3) {
                                            throw new IOException("Input/output error");
                                        }
                                    },
                                    () -> {})
                            : bytes;
                };

        assertOnlyVictimFailed("Input/output error", DigestRun.with(reader, root.toString()));
    }

    @Test
    void anErrorOfTheProgramItselfKeepsItsOwnWords() {
        DigestRun run =
                withStepBefore(
                        "victim",
                        file -> {
                            throw new AssertionError("a bug, say");
                        });

        assertOnlyVictimFailed("java.lang.AssertionError: a bug, say", run);
    }

    @Test
    void aDirectoryWithoutPermissionIsAFailure() throws IOException {
        Path directory = root.resolve("d");
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(directory);
        Files.setPosixFilePermissions(directory, Set.of());
        try {
            assumeTrue(
                    !Files.isReadable(directory),
                    "root may read everything; see aDirectoryThatCannotBeReachedIsAFailure");

            DigestRun run = DigestRun.of(root.toString());

            assertEquals(
                    List.of("failed: " + root + "/d: not listed: no permission to read it"),
                    run.errLines());
            assertEquals(tree.sums(root + "/", "d/victim"), run.out());
            assertEquals(1, run.code());
        } finally {
            Files.setPosixFilePermissions(directory, before);
        }
    }

    /** For root too: by renaming, a tree can be made deeper than the longest path that the system accepts. */
    @Test
    void aDirectoryThatCannotBeReachedIsAFailure() throws IOException {
        String name = "n".repeat(250);
        String half = (name + "/").repeat(9);
        Path lower = Files.createDirectories(root.resolve("lower/" + half));
        Files.createFile(lower.resolve("out of reach"));
        Path upper = Files.createDirectories(root.resolve("upper/" + half));
        Files.move(root.resolve("lower"), upper.resolve("lower"));
        try {
            DigestRun run = DigestRun.of(root.toString());

            assertEquals(1, run.errLines().size(), run.err());
            String line = run.errLines().get(0);
            assertTrue(
                    line.startsWith("failed: " + root + "/upper/" + half + "lower/" + name), line);
            assertTrue(line.endsWith(name + ": not listed: File name too long"), line);
            assertEquals(tree.sums(root + "/"), run.out());
            assertEquals(1, run.code());
        } finally {
            // Otherwise it could not be deleted.
            Files.move(upper.resolve("lower"), root.resolve("lower"));
        }
    }

    @Test
    void aDirectoryThatCannotBeListedAtAllIsAFailureUnderItsOwnName() throws IOException {
        Path directory = root.resolve("d");
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("--x--x--x"));
        try {
            assumeTrue(!Files.isReadable(directory), "root may read everything");

            DigestRun run = DigestRun.of(directory.toString());

            String line = "failed: " + directory + ": not listed: no permission to read it";
            assertEquals(List.of(line), run.errLines());
            assertEquals("", run.out());
            assertEquals(1, run.code());
        } finally {
            Files.setPosixFilePermissions(directory, before);
        }
    }

    @Test
    void failuresStandInTheOrderOfTheirPathsOneLineEach() {
        tree.add("two\nlines", "x");
        tree.add("back\\slash", "x");
        tree.add("bell\u0007", "x");

        DigestRun run =
                DigestRun.with(
                        file -> {
                            throw new IOException("no luck");
                        },
                        root.toString());

        assertEquals(
                List.of(
                        "failed: " + root + "/a: no luck",
                        "failed: " + root + "/back\\\\slash: no luck",
                        "failed: " + root + "/bell\\007: no luck",
                        "failed: " + root + "/d/victim: no luck",
                        "failed: " + root + "/two\\nlines: no luck",
                        "failed: " + root + "/z: no luck"),
                run.errLines());
        assertEquals("", run.out());
        assertEquals(1, run.code());
    }

    @FunctionalInterface
    private interface Step {
        void run(Path file) throws IOException;
    }

    /** Runs the program with something that happens between the listing and the opening of a file. */
    private DigestRun withStepBefore(String name, Step step) {
        return DigestRun.with(
                file -> {
                    if (file.endsWith(name)) {
                        step.run(file);
                    }
                    return DigestReader.openFile(file);
                },
                root.toString());
    }

    private void assertOnlyVictimFailed(String reason, DigestRun run) {
        assertEquals(List.of("failed: " + root + "/d/victim: " + reason), run.errLines());
        assertEquals(tree.sums(root + "/", "d/victim"), run.out());
        assertEquals(1, run.code());
    }
}
