package io.github.coro4j.examples;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** How the bytes of a file are had. Tests have other ways. */
@FunctionalInterface
interface DigestReader {

    /** Opens a channel that an interrupt closes. */
    ReadableByteChannel open(Path file) throws IOException;

    /**
     * Opens a regular file. It looks again whether the file is one, because to open a named pipe would wait for its
     * writer, deaf to interrupts; only a swap in the instant between the look and the opening can still cause that.
     */
    static ReadableByteChannel openFile(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "is no longer a regular file");
        }
        // Not Files.newInputStream, whose streams are deaf to interrupts.
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
}
