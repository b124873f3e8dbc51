package io.github.coro4j.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A file that has no sum, or a directory that could not be listed, and why. */
final class DigestFailure extends Exception implements Comparable<DigestFailure> {
    private static final long serialVersionUID = 1L;

    private final transient DigestFile file;
    private final String reason;

    DigestFailure(DigestFile file, IOException cause) {
        this(file, reasonOf(cause), cause);
    }

    private DigestFailure(DigestFile file, String reason, @Nullable Throwable cause) {
        super(file.path() + ": " + reason, cause);
        this.file = file;
        this.reason = reason;
    }

    /** What {@code settled()} says of a file, as one of ours; an error of the program keeps its own words. */
    static DigestFailure of(DigestFile file, @Nullable Throwable thrown) {
        return thrown instanceof DigestFailure failure
                ? failure
                : new DigestFailure(file, String.valueOf(thrown), thrown);
    }

    static DigestFailure notListed(DigestFile directory, IOException cause) {
        return new DigestFailure(directory, "not listed: " + reasonOf(cause), cause);
    }

    /** One line. */
    void writeTo(PrintStream err) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes("failed: ".getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(file.shown());
        line.writeBytes((": " + reason + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        err.write(line.toByteArray(), 0, line.size());
    }

    @Override
    public int compareTo(DigestFailure other) {
        return file.compareTo(other.file);
    }

    private static String reasonOf(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "vanished while the program ran";
        }
        if (cause instanceof AccessDeniedException) {
            return "no permission to read it";
        }
        // The message of a FileSystemException begins with the path, which the line has already.
        String text =
                cause instanceof FileSystemException known ? known.getReason() : cause.getMessage();
        return text != null ? text : cause.getClass().getName();
    }
}
