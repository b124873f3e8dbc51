package io.github.coro4j.examples.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Computes the SHA-256 of a file, on the member that runs it. An interrupt ends it. It only reads, so it may run twice.
 *
 * @param path the file; the member finds it at the same path, for example on a shared disk
 */
public record SumOfFile(String path) implements Body {
    private static final int BLOCK = 1 << 16;

    @Override
    public FileSum call() throws IOException, InterruptedException {
        MessageDigest sha256 = newSha256();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long count = 0;
        // Not Files.newInputStream, whose streams ignore interrupts.
        try (FileChannel file =
                FileChannel.open(
                        Path.of(path), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            while (file.read(block.clear()) >= 0) {
                count += block.flip().remaining();
                sha256.update(block);
            }
        } catch (ClosedByInterruptException e) {
            // An interrupt is no failure of the file. The flag has done its work.
            Thread.interrupted();
            throw new InterruptedException("interrupted while it read " + path);
        }
        return new FileSum(HexFormat.of().formatHex(sha256.digest()), count);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
