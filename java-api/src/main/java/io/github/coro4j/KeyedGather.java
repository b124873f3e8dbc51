package io.github.coro4j;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gather} over futures that have keys, with maps instead of lists. {@link Gather#keyed} makes it.
 *
 * <pre>{@code
 * Map<String, Integer> stock = Gather.keyed(countsByShop).all().join();
 * }</pre>
 *
 * <p>Maps have the keys in the order of the given map, are unmodifiable, and may hold null values. In all other
 * respects, each method behaves like the method of {@link Gather} with the same name.
 *
 * @param <K> the type of the keys
 * @param <T> the type of the children's results
 */
public interface KeyedGather<K extends @Nullable Object, T extends @Nullable Object> {

    /**
     * Returns this plan with a name, like {@link Gather#named}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws IllegalArgumentException if {@code name} is blank
     */
    KeyedGather<K, T> named(String name);

    /**
     * Returns this plan with a timeout, like {@link Gather#timeout}.
     *
     * @param limit how long, from the call of the policy on
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     */
    KeyedGather<K, T> timeout(Duration limit);

    /**
     * Returns this plan with a listener, like {@link Gather#onProgress}.
     *
     * @param listener the listener; replaces an earlier one
     * @return the plan with this listener
     */
    KeyedGather<K, T> onProgress(ProgressListener listener);

    /**
     * Returns all results by key, or the first failure at once, like {@link Gather#all}.
     *
     * @return a future for the results
     */
    Future<Map<K, T>> all();

    /**
     * Returns all results by key, or the first failure after the other children have stopped, like
     * {@link Gather#failFast}.
     *
     * @return a future for the results
     */
    Future<Map<K, T>> failFast();

    /**
     * Returns all outcomes by key, like {@link Gather#settled}.
     *
     * @return a future for the outcomes
     */
    Future<Map<K, Outcome<T>>> settled();

    /**
     * Returns the first result with its key, like {@link Gather#firstSuccess}.
     *
     * @return a future for the first result and its key
     * @throws IllegalStateException if there is no child
     */
    Future<Map.Entry<K, T>> firstSuccess();

    /**
     * Returns the first outcome with its key, like {@link Gather#firstDone}.
     *
     * @return a future for the first outcome and its key
     * @throws IllegalStateException if there is no child
     */
    Future<Map.Entry<K, Outcome<T>>> firstDone();

    /**
     * Returns a quorum of results by key, like {@link Gather#atLeast}.
     *
     * @param k how many must succeed: from 1 to the number of keys
     * @return a future for the results of the children that succeeded, at least {@code k}
     * @throws IllegalArgumentException if {@code k} is less than 1 or more than there are keys
     */
    Future<Map<K, T>> atLeast(int k);

    /**
     * Returns which children have ended and which have not, by key, like {@link Gather#until}.
     *
     * @param condition when to stop waiting
     * @return a future for the children that have ended and the children that have not
     */
    Future<KeyedPartition<K, T>> until(Gather.When condition);
}
