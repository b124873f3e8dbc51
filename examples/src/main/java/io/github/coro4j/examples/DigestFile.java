package io.github.coro4j.examples;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file and its name as bytes: the directory as the user typed it, a slash, and the bytes that the file system has.
 *
 * <p>A file name on Unix is bytes, and Java decodes it with the platform charset ({@code sun.jnu.encoding}); where that
 * fails, {@link Path#toString()} has replacement characters, two files may look the same, and neither name leads back to
 * its file. The {@link Path} itself keeps the bytes and opens the right file, and {@link Path#toUri()} shows them, as
 * percent escapes. So a name that is no UTF-8, or any name in the C locale, is listed, read and printed as {@code
 * sha256sum} does it. Two things are out of reach: such a name as the argument, which Java has decoded before the
 * program begins, and a current directory of such a name, where Java resolves every relative path wrongly. Both end with
 * exit code 2.
 */
final class DigestFile implements Comparable<DigestFile> {
    private final Path path;
    private final byte[] name;
    // Of the absolute path, in bytes.
    private final int length;

    private DigestFile(Path path, byte[] name, int length) {
        this.path = path;
        this.name = name;
        this.length = length;
    }

    /** The directory to walk. */
    static DigestFile root(String typed) {
        // The dot makes a link to a directory that directory, and changes nothing else.
        Path path = Path.of(typed).resolve(".");
        return new DigestFile(path, typed.getBytes(charset()), bytesOf(path).length);
    }

    /** What was found by walking this directory, or this directory itself. */
    DigestFile below(Path found) {
        byte[] absolute = bytesOf(found);
        if (absolute.length <= length) {
            return this;
        }
        ByteArrayOutputStream full = new ByteArrayOutputStream();
        full.writeBytes(name);
        if (name[name.length - 1] != '/') {
            full.write('/');
        }
        full.write(absolute, length + 1, absolute.length - length - 1);
        return new DigestFile(found, full.toByteArray(), absolute.length);
    }

    /** The charset in which Java reads and writes file names. */
    static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name)
                ? Charset.forName(name)
                : Charset.defaultCharset();
    }

    Path path() {
        return path;
    }

    /** The line of {@code sha256sum}: one with an escaped name begins with a backslash. */
    byte[] sumLine(String hex) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteArrayOutputStream escaped = new ByteArrayOutputStream();
        boolean any = false;
        for (byte each : name) {
            any |= escape(each, escaped);
        }
        if (any) {
            line.write('\\');
        }
        line.writeBytes(hex.getBytes(StandardCharsets.US_ASCII));
        line.writeBytes(new byte[] {' ', ' '});
        line.writeBytes(escaped.toByteArray());
        line.write('\n');
        return line.toByteArray();
    }

    /** The name for a message: one line, and nothing in it that a terminal would obey. */
    byte[] shown() {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        for (byte each : name) {
            if (each >= 0 && each < ' ' && each != '\n' && each != '\r' || each == 0x7f) {
                shown.writeBytes(String.format("\\%03o", each).getBytes(StandardCharsets.US_ASCII));
            } else {
                escape(each, shown);
            }
        }
        return shown.toByteArray();
    }

    @Override
    public int compareTo(DigestFile other) {
        return Arrays.compareUnsigned(name, other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DigestFile file && Arrays.equals(name, file.name);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static boolean escape(byte each, ByteArrayOutputStream to) {
        char letter;
        switch (each) {
            case '\\' -> letter = '\\';
            case '\n' -> letter = 'n';
            case '\r' -> letter = 'r';
            default -> {
                to.write(each);
                return false;
            }
        }
        to.write('\\');
        to.write(letter);
        return true;
    }

    /** The bytes of the absolute path, without a slash at its end. */
    private static byte[] bytesOf(Path path) {
        URI uri = path.toUri();
        String text = uri.getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = text.endsWith("/") ? text.length() - 1 : text.length();
        int at = 0;
        while (at < end) {
            int escape = text.indexOf('%', at);
            int plain = escape < 0 || escape > end ? end : escape;
            bytes.writeBytes(text.substring(at, plain).getBytes(StandardCharsets.UTF_8));
            at = plain;
            if (at < end) {
                bytes.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
                at += 3;
            }
        }
        return bytes.toByteArray();
    }
}
