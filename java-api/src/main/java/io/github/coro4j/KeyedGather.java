package io.github.coro4j;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gather} over futures that have keys, with maps for lists. Made by {@link Gather#keyed}.
 *
 * <pre>{@code
 * Map<String, Integer> stock = Gather.keyed(countsByShop).all().join();
 * }</pre>
 *
 * <p>Maps have the keys in the order of the given map, are unmodifiable, and may hold null values. All else is as in
 * {@link Gather}; where a method here says nothing of threads, cancelling or failures, the one of the same name there does.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the children's results
 */
public interface KeyedGather<K extends @Nullable Object, T extends @Nullable Object> {

    /**
     * As {@link Gather#named}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     */
    KeyedGather<K, T> named(String name);

    /**
     * As {@link Gather#timeout}.
     *
     * @param limit how long, from the call of the policy on
     * @return the plan with this limit
     * @throws NullPointerException if {@code limit} is null
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     */
    KeyedGather<K, T> timeout(Duration limit);

    /**
     * As {@link Gather#onProgress}.
     *
     * @param listener who is told
     * @return the plan with this listener
     * @throws NullPointerException if {@code listener} is null
     */
    KeyedGather<K, T> onProgress(ProgressListener listener);

    /**
     * As {@link Gather#all}.
     *
     * @return a future for the results
     */
    Future<Map<K, T>> all();

    /**
     * As {@link Gather#failFast}.
     *
     * @return a future for the results
     */
    Future<Map<K, T>> failFast();

    /**
     * As {@link Gather#settled}.
     *
     * @return a future for the outcomes
     */
    Future<Map<K, Outcome<T>>> settled();

    /**
     * As {@link Gather#firstSuccess}.
     *
     * @return a future for the first result and its key
     * @throws IllegalStateException if there is no child
     */
    Future<Map.Entry<K, T>> firstSuccess();

    /**
     * As {@link Gather#firstDone}.
     *
     * @return a future for the first outcome and its key
     * @throws IllegalStateException if there is no child
     */
    Future<Map.Entry<K, Outcome<T>>> firstDone();

    /**
     * As {@link Gather#atLeast}.
     *
     * @param k how many must succeed: from 1 to the number of keys
     * @return a future for the results of those that succeeded, at least {@code k}
     * @throws IllegalArgumentException if {@code k} is less than 1 or more than there are keys
     */
    Future<Map<K, T>> atLeast(int k);

    /**
     * As {@link Gather#until}.
     *
     * @param condition when to stop waiting
     * @return a future for the children that have ended and those that have not
     * @throws NullPointerException if {@code condition} is null
     */
    Future<KeyedPartition<K, T>> until(When condition);
}
