package io.github.coro4j.examples;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/**
 * How do I run many pieces of blocking work, a few at a time, and get every end as a value? This program prints the
 * SHA-256 of every regular file below a directory, as {@code find . -type f | sort | xargs sha256sum} would, but reads
 * several files at once, shows a progress bar, and goes on when a file cannot be read.
 *
 * <pre>{@code
 * digest [--at-once N] [DIRECTORY]
 * }</pre>
 *
 * <p>Standard output has one line a file, {@code <hex>  <path>}, in the byte order of the paths ({@code LC_ALL=C sort}),
 * written when the last file has been read; {@code sha256sum -c} accepts it. Standard error has all else: the bar, if it
 * is a terminal, then {@code skipped:} with the number of symbolic links (they are not followed), one {@code failed:}
 * line for each file or directory that could not be read, and, after Ctrl-C, {@code cancelled: 17 of 240 files done}.
 * A file is done when it has been read to its end, or has failed. A cancelled run writes nothing to standard output:
 * half a list looks like a whole one.
 *
 * <p>Exit codes: 0 all files were read, 1 something failed, 2 the arguments are wrong, 130 Ctrl-C.
 *
 * <p>Paths are written as the bytes that the file system has, whatever the platform charset ({@code sun.jnu.encoding})
 * is; see {@link DigestFile}.
 */
public final class Digest {
    private static final int BLOCK = 1 << 16;

    private final DigestReader reader;
    private final OptionalInt barWidth;
    private final DigestStop stop;

    Digest(DigestReader reader, OptionalInt barWidth, DigestStop stop) {
        this.reader = reader;
        this.barWidth = barWidth;
        this.stop = stop;
    }

    /**
     * Runs the program and ends the process with its exit code.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        runAndExit(args, DigestReader::openFile);
    }

    /**
     * Runs the program without a bar and without listening to Ctrl-C.
     *
     * @param args the arguments
     * @param out where the sums go
     * @param err where all else goes
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return new Digest(DigestReader::openFile, OptionalInt.empty(), new DigestStop())
                .runWith(args, out, err);
    }

    static void runAndExit(String[] args, DigestReader reader) {
        // Not System.out and System.err: paths are bytes, and streams that replace those two may
        // change them on the way; those of Maven do, to filter colours.
        PrintStream out =
                new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
        DigestStop stop = DigestStop.atShutdown();
        int code;
        try {
            code =
                    new Digest(reader, DigestProgress.widthOfStandardError(), stop)
                            .runWith(args, out, err);
        } finally {
            // Before exit and not after: exit waits for the hook, and the hook for this.
            stop.letGo();
        }
        System.exit(code);
    }

    int runWith(String[] args, PrintStream out, PrintStream err) {
        DigestArguments arguments;
        try {
            arguments = DigestArguments.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("digest: " + e.getMessage());
            return 2;
        }
        if (arguments.help()) {
            out.print(DigestArguments.USAGE);
            out.flush();
            return 0;
        }
        return digest(arguments, out, err);
    }

    private int digest(DigestArguments arguments, PrintStream out, PrintStream err) {
        List<DigestFailure> failures = Collections.synchronizedList(new ArrayList<>());
        DigestListing listing;
        Outcome<List<Outcome<String>>> end;
        int done;
        try (TaskScope scope = open(failures, err)) {
            Outcome<DigestListing> listed =
                    stop.cancels(scope.start("listing", () -> DigestListing.of(arguments)))
                            .joinOutcome();
            if (stop.requested()) {
                err.println("cancelled: 0 files done, the directory was still being listed");
                return 130;
            }
            listing = listed.valueOrThrow();
            List<DigestFile> files = listing.files();
            try (DigestProgress progress = new DigestProgress(files.size(), barWidth, err)) {
                Future<List<Outcome<String>>> sums =
                        scope.gather(files, file -> sum(file, progress))
                                .named("files")
                                .concurrency(arguments.atOnce())
                                .settled();
                end = stop.cancels(sums).joinOutcome();
                done = progress.done();
            }
        }
        failures.addAll(listing.failures());

        boolean cancelled = end instanceof Outcome.Cancelled;
        boolean written = true;
        if (!cancelled) {
            // The work is over. A Ctrl-C from now on ends the printing too.
            stop.letGo();
            written = write(listing.files(), end.valueOrThrow(), failures, out);
        }
        if (listing.links() > 0) {
            err.println("skipped: symbolic links, not followed: " + listing.links());
        }
        failures.stream().sorted().forEach(failure -> failure.writeTo(err));
        if (cancelled) {
            err.println("cancelled: " + done + " of " + listing.files().size() + " files done");
            return 130;
        }
        if (!written) {
            err.println("digest: standard output was closed before all sums were written to it");
        }
        return failures.isEmpty() && written ? 0 : 1;
    }

    /** A cancelled group gives no list. The listener of the scope receives the failures until then. */
    private static TaskScope open(List<DigestFailure> failures, PrintStream err) {
        return TaskScope.builder()
                .name("digest")
                .failureListener(
                        report -> {
                            if (report.exception() instanceof DigestFailure failure) {
                                failures.add(failure);
                            } else {
                                err.println(
                                        "digest: " + report.message() + ": " + report.exception());
                            }
                        })
                .open();
    }

    private String sum(DigestFile file, DigestProgress progress) throws DigestFailure {
        try {
            String hex = sha256(file);
            progress.step();
            return hex;
        } catch (IOException e) {
            // An interrupted channel says so with an IOException; it is no failure of the file.
            Task.checkCancelled();
            progress.step();
            throw new DigestFailure(file, e);
        }
    }

    private String sha256(DigestFile file) throws IOException {
        MessageDigest sha256 = newSha256();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (ReadableByteChannel bytes = reader.open(file.path())) {
            while (bytes.read(block.clear()) >= 0) {
                Task.checkCancelled();
                sha256.update(block.flip());
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static boolean write(
            List<DigestFile> files,
            List<Outcome<String>> sums,
            List<DigestFailure> failures,
            PrintStream out) {
        for (int i = 0; i < sums.size(); i++) {
            if (sums.get(i) instanceof Outcome.Success<String> sum) {
                byte[] line = files.get(i).sumLine(sum.value());
                out.write(line, 0, line.length);
            } else {
                failures.add(DigestFailure.of(files.get(i), sums.get(i).exceptionOrNull()));
            }
        }
        return !out.checkError();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
