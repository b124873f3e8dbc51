package io.github.coro4j;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The children of a group when {@link Gather#until} stopped waiting: the children that had ended, and the children that
 * had not. The sets hold the very futures that were passed, in their order, each once.
 *
 * <p>A partition is a snapshot: its sets never change, while what is pending goes on. Having a future here does not
 * read its failure: if that stays unread, it is still reported.
 *
 * @param <T> the type of the children's results
 * @param done the children that had ended
 * @param pending the children that had not
 */
public record Partition<T extends @Nullable Object>(Set<Future<T>> done, Set<Future<T>> pending) {
    /**
     * Copies both sets, in their order.
     *
     * @param done the children that had ended
     * @param pending the children that had not
     */
    public Partition {
        Arguments.notNull(done, "done", "an empty set is fine");
        Arguments.notNull(pending, "pending", "an empty set is fine");
        done = Collections.unmodifiableSet(new LinkedHashSet<>(done));
        pending = Collections.unmodifiableSet(new LinkedHashSet<>(pending));
    }

    @Override
    public String toString() {
        return RecordText.of("Partition", "done", done, "pending", pending);
    }
}
