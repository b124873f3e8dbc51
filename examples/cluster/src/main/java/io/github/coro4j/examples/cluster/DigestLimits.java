package io.github.coro4j.examples.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a digest.
 *
 * @param atOnce how many bodies may run at once, on all members together
 * @param timeout how long the whole digest may take, or null
 * @param hedgeAfter how long a file may go without an answer before a second member reads it too, or null
 */
public record DigestLimits(int atOnce, @Nullable Duration timeout, @Nullable Duration hedgeAfter) {
    /** Eight bodies at once, no timeout, no hedge. */
    public static final DigestLimits DEFAULT = new DigestLimits(8, null, null);

    /** Returns these limits with a timeout. */
    public DigestLimits withTimeout(Duration limit) {
        return new DigestLimits(atOnce, limit, hedgeAfter);
    }

    /** Returns these limits with a hedge. */
    public DigestLimits withHedgeAfter(Duration delay) {
        return new DigestLimits(atOnce, timeout, delay);
    }

    /** Returns these limits with another number of bodies at once. */
    public DigestLimits withAtOnce(int count) {
        return new DigestLimits(count, timeout, hedgeAfter);
    }
}
