package io.github.coro4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Partition} by keys: the children of a {@link KeyedGather} that had ended, and the children that had not. The
 * maps hold the very futures that were passed, in the order of the given map.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the children's results
 * @param done the children that had ended
 * @param pending the children that had not
 */
public record KeyedPartition<K extends @Nullable Object, T extends @Nullable Object>(
        Map<K, Future<T>> done, Map<K, Future<T>> pending) {
    /**
     * Copies both maps, in their order.
     *
     * @param done the children that had ended
     * @param pending the children that had not
     */
    public KeyedPartition {
        Arguments.notNull(done, "done", "an empty map is fine");
        Arguments.notNull(pending, "pending", "an empty map is fine");
        done = Collections.unmodifiableMap(new LinkedHashMap<>(done));
        pending = Collections.unmodifiableMap(new LinkedHashMap<>(pending));
    }

    @Override
    public String toString() {
        return RecordText.of("KeyedPartition", "done", done, "pending", pending);
    }
}
