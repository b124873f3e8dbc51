package io.github.coro4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A plan to make one value of two, three or four futures of different types.
 *
 * <pre>{@code
 * Page page = Combination.of(user, orders, (u, o) -> new Page(u, o)).failFast().join();
 * }</pre>
 *
 * <p>For more futures, gather them and read each from its own variable, which has its type:
 * {@code Gather.of(a, b, c, d, e).failFast().map(all -> new Page(a.result(), ..))}.
 *
 * <p>The function runs once, when all futures have succeeded, like the function of {@link Future#map}. Its scope is the
 * one that was {@linkplain Task#current() current} when {@link #all} or {@link #failFast} was called. If it throws, the
 * future of the value fails with that exception. Cancelling that future before it is done cancels the combined futures.
 * After {@link #all} has failed, cancel the futures that run on directly.
 *
 * @param <R> the type of the value
 */
public final class Combination<R extends @Nullable Object> {
    private final Gather<@Nullable Object> gather;
    private final ThrowingFunction<Object[], R> function;

    Combination(Gather<@Nullable Object> gather, ThrowingFunction<Object[], R> function) {
        this.gather = gather;
        this.function = function;
    }

    /**
     * Returns a plan to make one value of two futures of different types.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <R> the type of the value
     * @param a the first future
     * @param b the second future
     * @param function makes one value of all
     * @return the plan; {@link #all} or {@link #failFast} starts it
     * @throws IllegalArgumentException if a future is not one of this library's engine
     */
    @SuppressWarnings("unchecked") // each value has the type of its future
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    R extends @Nullable Object>
            Combination<R> of(
                    Future<? extends A> a,
                    Future<? extends B> b,
                    Of2<? super A, ? super B, ? extends R> function) {
        Arguments.notNull(function, "function", "it makes one value of all");
        return new Combination<>(
                Gather.of(Arguments.combined(a, b)), v -> function.apply((A) v[0], (B) v[1]));
    }

    /**
     * Returns a plan to make one value of three futures of different types.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <C> the third type
     * @param <R> the type of the value
     * @param a the first future
     * @param b the second future
     * @param c the third future
     * @param function makes one value of all
     * @return the plan; {@link #all} or {@link #failFast} starts it
     * @throws IllegalArgumentException if a future is not one of this library's engine
     */
    @SuppressWarnings("unchecked") // each value has the type of its future
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Combination<R> of(
                    Future<? extends A> a,
                    Future<? extends B> b,
                    Future<? extends C> c,
                    Of3<? super A, ? super B, ? super C, ? extends R> function) {
        Arguments.notNull(function, "function", "it makes one value of all");
        return new Combination<>(
                Gather.of(Arguments.combined(a, b, c)),
                v -> function.apply((A) v[0], (B) v[1], (C) v[2]));
    }

    /**
     * Returns a plan to make one value of four futures of different types.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <C> the third type
     * @param <D> the fourth type
     * @param <R> the type of the value
     * @param a the first future
     * @param b the second future
     * @param c the third future
     * @param d the fourth future
     * @param function makes one value of all
     * @return the plan; {@link #all} or {@link #failFast} starts it
     * @throws IllegalArgumentException if a future is not one of this library's engine
     */
    @SuppressWarnings("unchecked") // each value has the type of its future
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Combination<R> of(
                    Future<? extends A> a,
                    Future<? extends B> b,
                    Future<? extends C> c,
                    Future<? extends D> d,
                    Of4<? super A, ? super B, ? super C, ? super D, ? extends R> function) {
        Arguments.notNull(function, "function", "it makes one value of all");
        return new Combination<>(
                Gather.of(Arguments.combined(a, b, c, d)),
                v -> function.apply((A) v[0], (B) v[1], (C) v[2], (D) v[3]));
    }

    /**
     * Returns this plan with a name, like {@link Gather#named}. The future of the value is called {@code name.map}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public Combination<R> named(String name) {
        return new Combination<>(gather.named(name), function);
    }

    /**
     * Returns this plan with a timeout for the futures, like {@link Gather#timeout}. The limit does not include the
     * function.
     *
     * @param limit how long, from the call of the policy on
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     */
    public Combination<R> timeout(Duration limit) {
        return new Combination<>(gather.timeout(limit), function);
    }

    /**
     * Returns the function's value, or the first failure at once, like {@link Gather#all}.
     *
     * @return a future for the value
     */
    public Future<R> all() {
        return applied(gather.all());
    }

    /**
     * Returns the function's value, or the first failure after the other futures have stopped, like
     * {@link Gather#failFast}.
     *
     * @return a future for the value
     */
    public Future<R> failFast() {
        return applied(gather.failFast());
    }

    private Future<R> applied(Future<java.util.List<@Nullable Object>> values) {
        return values.map(list -> function.apply(list.toArray()));
    }

    /** {@return the text of the plan, for people} */
    @Override
    public String toString() {
        return "Combination by a " + gather;
    }

    /**
     * Makes one value of two.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface Of2<
            A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Makes one value of all.
         *
         * @param a the first value
         * @param b the second value
         * @return the result
         * @throws Exception if the function fails; the future of the value then fails with that very object
         */
        R apply(A a, B b) throws Exception;
    }

    /**
     * Makes one value of three.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <C> the third type
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface Of3<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            R extends @Nullable Object> {
        /**
         * Makes one value of all.
         *
         * @param a the first value
         * @param b the second value
         * @param c the third value
         * @return the result
         * @throws Exception if the function fails; the future of the value then fails with that very object
         */
        R apply(A a, B b, C c) throws Exception;
    }

    /**
     * Makes one value of four.
     *
     * @param <A> the first type
     * @param <B> the second type
     * @param <C> the third type
     * @param <D> the fourth type
     * @param <R> the type of the result
     */
    @FunctionalInterface
    public interface Of4<
            A extends @Nullable Object,
            B extends @Nullable Object,
            C extends @Nullable Object,
            D extends @Nullable Object,
            R extends @Nullable Object> {
        /**
         * Makes one value of all.
         *
         * @param a the first value
         * @param b the second value
         * @param c the third value
         * @param d the fourth value
         * @return the result
         * @throws Exception if the function fails; the future of the value then fails with that very object
         */
        R apply(A a, B b, C c, D d) throws Exception;
    }
}
