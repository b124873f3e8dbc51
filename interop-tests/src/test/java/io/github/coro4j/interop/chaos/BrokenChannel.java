package io.github.coro4j.interop.chaos;

import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/** A channel whose close throws, so that {@code Thread.interrupt()} of a thread that blocks in it throws too. */
final class BrokenChannel extends AbstractInterruptibleChannel {
    private final Round round;

    BrokenChannel(Round round) {
        this.round = round;
    }

    /** Blocks until the round ends or the thread is interrupted. */
    Object read(Object value) throws IOException, InterruptedException {
        boolean isRead = false;
        try {
            begin(); // may throw already, and end() must follow
            round.ended.await();
            isRead = true;
            return value;
        } finally {
            end(isRead);
        }
    }

    @Override
    protected void implCloseChannel() {
        throw new ChaosFailure("thrown by the close of a channel");
    }
}
