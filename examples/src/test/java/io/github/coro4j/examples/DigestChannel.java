package io.github.coro4j.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;

/**
 * A channel with a step of the test's own before each read; interrupted there, it ends as a file channel does.
 *
 * @param bytes where the bytes come from
 * @param beforeRead what to do before each read; it may wait
 * @param afterClose what to do when the channel has been closed
 */
record DigestChannel(ReadableByteChannel bytes, Step beforeRead, Runnable afterClose)
        implements ReadableByteChannel {

    /** A step that may wait. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException, IOException;
    }

    @Override
    public int read(ByteBuffer block) throws IOException {
        try {
            beforeRead.run();
        } catch (InterruptedException e) {
            bytes.close();
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        return bytes.read(block);
    }

    @Override
    public boolean isOpen() {
        return bytes.isOpen();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
        afterClose.run();
    }
}
