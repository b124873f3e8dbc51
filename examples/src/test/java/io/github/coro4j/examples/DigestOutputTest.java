package io.github.coro4j.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "its file names have no backslash or line break")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DigestOutputTest {
    private static final List<String> PROGRAMS = List.of("find", "sort", "xargs", "sha256sum");
    private static final String FIND_AND_SUM =
            "find \"$1\" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum";

    @TempDir Path root;

    @Test
    void printsTheSumOfEveryFileInByteOrder() {
        DigestTree tree = DigestTree.ofTroublesomeFiles(root);

        DigestRun run = DigestRun.of(root.toString());

        assertEquals(tree.sums(root + "/"), run.out());
        assertEquals("", run.err());
        assertEquals(0, run.code());
    }

    @Test
    void printsWhatSha256sumPrints() throws Exception {
        DigestTree.ofTroublesomeFiles(root);
        byte[] expected = DigestProcess.sh(root, PROGRAMS, FIND_AND_SUM, root.toString());

        assertEquals(new String(expected, UTF_8), DigestRun.of(root.toString()).out());
    }

    @Test
    void escapesACarriageReturnAsNewVersionsOfSha256sumDo() throws Exception {
        DigestTree tree = new DigestTree(root);
        tree.add("carriage\rreturn", "x");

        DigestRun run = DigestRun.of(root.toString());

        assertEquals(tree.sums(root + "/"), run.out());
        assertTrue(run.out().startsWith("\\"), run.out());
        byte[] theirs = DigestProcess.sh(root, PROGRAMS, FIND_AND_SUM, root.toString());
        // Versions before 9 leave it alone.
        if (theirs[0] == '\\') {
            assertEquals(new String(theirs, UTF_8), run.out());
        }
    }

    @Test
    void sha256sumAcceptsTheOutputAsAListToCheck() throws Exception {
        DigestTree.ofTroublesomeFiles(root.resolve("tree"));
        DigestRun run = DigestRun.of(root.resolve("tree").toString());
        Files.writeString(root.resolve("sums"), run.out());

        byte[] said =
                DigestProcess.sh(root, List.of("sha256sum"), "sha256sum --strict -c sums || true");

        List<String> lines = new String(said, UTF_8).lines().toList();
        assertEquals(run.out().lines().count(), lines.size());
        assertTrue(lines.stream().allMatch(line -> line.endsWith(": OK")), () -> lines.toString());
    }

    @Test
    void writesTheDirectoryAsItWasTyped() {
        DigestTree tree = new DigestTree(root);
        tree.add("d/file", "x");

        assertEquals(tree.sums(root + "//"), DigestRun.of(root + "//").out());
        assertEquals(tree.sums(root + "/d/../"), DigestRun.of(root + "/d/..").out());
        assertEquals(tree.sums(root + "/./"), DigestRun.of(root + "/.").out());
    }

    @Test
    void skipsSymbolicLinksAndSaysHowMany() throws IOException {
        DigestTree tree = new DigestTree(root);
        Path file = tree.add("d/file", "x");
        Files.createSymbolicLink(root.resolve("to a file"), file);
        Files.createSymbolicLink(root.resolve("d/to itself, in the end"), root);
        Files.createSymbolicLink(root.resolve("to nothing"), root.resolve("nothing"));

        DigestRun run = DigestRun.of(root.toString());

        assertEquals(tree.sums(root + "/"), run.out());
        assertEquals(List.of("skipped: symbolic links, not followed: 3"), run.errLines());
        assertEquals(0, run.code());
    }

    @Test
    void followsALinkThatIsTheDirectoryItself() throws IOException {
        DigestTree tree = new DigestTree(root.resolve("real"));
        tree.add("d/file", "x");
        Path link = Files.createSymbolicLink(root.resolve("link"), tree.root());

        DigestRun run = DigestRun.of(link.toString());

        assertEquals(tree.sums(link + "/"), run.out());
        assertEquals("", run.err());
    }

    @Test
    void leavesOutANamedPipe() throws Exception {
        DigestTree tree = new DigestTree(root);
        tree.add("file", "x");
        DigestProcess.sh(root, List.of("mkfifo"), "mkfifo pipe");

        assertEquals(tree.sums(root + "/"), DigestRun.of(root.toString()).out());
    }

    @Test
    void printsNothingForAnEmptyDirectory() {
        assertEquals(new DigestRun(0, "", ""), DigestRun.of(root.toString()));
    }

    @Test
    void drawsTheBarOnStandardErrorOnly() {
        DigestTree tree = DigestTree.ofTroublesomeFiles(root);
        int files = (int) tree.sums("").lines().count();

        DigestRun run =
                DigestRun.with(
                        new Digest(DigestReader::openFile, OptionalInt.of(79), new DigestStop()),
                        root.toString());

        assertEquals(tree.sums(root + "/"), run.out());
        String bar = run.err();
        assertTrue(bar.startsWith("\rdigest "), bar);
        assertTrue(bar.contains("100% ["), bar);
        assertTrue(bar.contains(files + "/" + files + " files"), bar);
        assertTrue(bar.endsWith(System.lineSeparator()), "the bar must end its line: " + bar);
    }

    @Test
    void drawsNoBarWithoutFiles() {
        DigestRun run =
                DigestRun.with(
                        new Digest(DigestReader::openFile, OptionalInt.of(79), new DigestStop()),
                        root.toString());

        assertEquals(new DigestRun(0, "", ""), run);
    }

    @Test
    void saysWhenStandardOutputIsGone() {
        new DigestTree(root).add("file", "x");
        OutputStream closed =
                new OutputStream() {
                    @Override
                    public void write(int each) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code =
                Digest.run(
                        new String[] {root.toString()},
                        new PrintStream(closed),
                        new PrintStream(err, true, UTF_8));

        assertEquals(1, code);
        assertTrue(
                err.toString(UTF_8).startsWith("digest: standard output was closed"),
                () -> err.toString(UTF_8));
    }
}
