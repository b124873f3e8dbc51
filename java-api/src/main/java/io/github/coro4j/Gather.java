package io.github.coro4j;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan for a <em>group</em>: first its <em>children</em>, then limits, then a <em>policy</em>, which starts the group
 * and returns its {@link Future}.
 *
 * <pre>{@code
 * List<Integer> sizes = scope.gather(urls, url -> fetch(url).length()).concurrency(8).all().join();
 * }</pre>
 *
 * <p>{@link #of} makes a gather over futures that already run; its policies may be called any number of times.
 * {@link TaskScope#gather} makes a gather over bodies; they start when a policy is called, which may happen only once.
 * The executor gets the bodies in the order of the items, and decides in which order they begin. docs/gather.md shows
 * what each policy does in each situation, and docs/glossary.md defines the terms in italics.
 *
 * <p>These rules hold for every policy:
 *
 * <ul>
 * <li><b>Results</b> are in the order of the children, whatever the order in which they end. Lists are unmodifiable and
 * may hold nulls. A child passed twice runs once and appears twice, except in the sets of {@link #until} and in
 * {@link #asCompleted}.
 * <li><b>End.</b> If there are no children, or all are done, the future is done at once. Without children its list is
 * empty; {@link #firstSuccess}, {@link #firstDone} and {@link #atLeast} throw. If {@link #onProgress} or {@link #using}
 * calls your code, the future is done after those calls.
 * <li><b>Cancel.</b> Cancelling the group's future cancels every child, for the same reason, even after that future has
 * failed. The future is cancelled when the last child has ended. If {@link #failFast} or a policy of your own has
 * already decided on a value, the cancel drops it. If it has decided on a failure, the group still fails.
 * <li><b>Scope.</b> The group's future belongs to the scope that made the plan or, for {@link #of}, to the
 * {@linkplain Task#current() current scope}. When that scope ends, it cancels the group and the children that live in
 * that scope. Children in other scopes run on, and the group does not wait for them. Groups nest, because the group's
 * future is a future like any other.
 * <li><b>Failures.</b> The failure of a child becomes the failure of the group, or is attached to it as suppressed.
 * Otherwise it stays <em>unread</em> in the child, and is reported under the child's name. If the failure of the group
 * stays unread, it is reported when the scope of the child that failed closes. At most 32 exceptions are attached to
 * one exception, and none to an exception that several futures failed with.
 * <li><b>Cancelled children.</b> A child that was cancelled, but not by the group, counts as failed with its
 * cancellation. If that makes the group fail, the exception names the child, and {@code isCancelled()} of the group's
 * future is false. {@link When#FIRST_FAILURE} does not count it.
 * </ul>
 *
 * <p><b>Threads.</b> Gathers are immutable, apart from the work they start; any thread may call any method. The thread
 * that ends a child runs the next steps of the group, but no code of yours. Policies of your own and progress listeners
 * are called like callbacks.
 *
 * <p><b>Memory effects.</b> What a caller did before it called the policy happens-before the bodies it starts; what the
 * children did happens-before every read of the group's outcome.
 *
 * @param <T> the type of the children's results
 */
public interface Gather<T extends @Nullable Object> {

    /**
     * Returns a gather over futures that exist.
     *
     * @param <T> the type of the results
     * @param children the futures; not changed and not kept
     * @return the plan
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    static <T extends @Nullable Object> Gather<T> of(Future<? extends T>... children) {
        Arguments.notNull(children, "children", "an empty list is fine");
        return of(java.util.Arrays.asList(children));
    }

    /**
     * Returns a gather over futures that exist.
     *
     * @param <T> the type of the results
     * @param children the futures; read once, now
     * @return the plan
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    static <T extends @Nullable Object> Gather<T> of(
            Iterable<? extends Future<? extends T>> children) {
        return Gathers.of(children);
    }

    /**
     * Returns a gather over futures that have keys, with maps instead of lists.
     *
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param children the futures by key; read once, now, and the order of its iteration is kept
     * @return the plan
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    static <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyed(
            Map<? extends K, ? extends Future<? extends T>> children) {
        return Gathers.keyed(children);
    }

    /**
     * Returns a collector that makes a gather of a stream of futures, like {@link #of(Iterable)}.
     *
     * <pre>{@code
     * List<String> pages = urls.stream().map(this::download).collect(Gather.toGather()).all().join();
     * }</pre>
     *
     * @param <T> the type of the results
     * @return the collector
     */
    static <T extends @Nullable Object> Collector<Future<? extends T>, ?, Gather<T>> toGather() {
        return Gathers.collector();
    }

    /**
     * Returns a collector that makes a keyed gather of a stream, in the order of the stream, like {@link #keyed}.
     *
     * <pre>{@code
     * Map<URI, String> pages =
     *     urls.stream().collect(Gather.toKeyedGather(url -> url, this::download)).all().join();
     * }</pre>
     *
     * @param <E> the type of the elements
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param keyOf returns an element's key; if two elements have one key, the collector throws an
     *     {@code IllegalStateException}
     * @param futureOf returns an element's future
     * @return the collector
     */
    static <E, K extends @Nullable Object, T extends @Nullable Object>
            Collector<E, ?, KeyedGather<K, T>> toKeyedGather(
                    Function<? super E, ? extends K> keyOf,
                    Function<? super E, ? extends Future<? extends T>> futureOf) {
        return Gathers.keyedCollector(keyOf, futureOf);
    }

    /**
     * Makes several attempts in the {@linkplain Task#current() current scope}; otherwise like {@link TaskScope#hedge}.
     *
     * @param <T> the type of the results
     * @param attempts how many attempts there are at most
     * @param delay how long an attempt may go without an answer before the next one begins; zero begins all at once
     * @param body receives the number of the attempt, from zero
     * @return a future for the first result, and the number of the attempt that returned it
     * @throws IllegalArgumentException if {@code attempts} is less than 1 or {@code delay} is negative
     * @throws IllegalStateException if the scope is closed
     */
    static <T extends @Nullable Object> Future<Hedged<T>> hedge(
            int attempts, Duration delay, ThrowingFunction<? super Integer, ? extends T> body) {
        return EngineLookup.engine().currentScope().hedge(attempts, delay, body);
    }

    /**
     * Returns this plan with a concurrency limit: at most {@code atOnce} bodies run at once. A <em>permit</em> is
     * returned when a body has really ended, its {@code finally} blocks included, not when a caller stops waiting for
     * it.
     *
     * <p>Only the item waits for a permit. Its task is made when its turn comes, or never if the group is cancelled
     * first. A {@code Collection} was read when the plan was made. Any other {@code Iterable} is read as permits come
     * free, so it may block, and it may be endless. For such an {@code Iterable} these rules hold:
     *
     * <ul>
     * <li>The items are read on the scope's executor, by one thread at a time, and a cancel of the group interrupts the
     * reading. There is no current task meanwhile, and task listeners observe nothing.
     * <li>If the iterator throws, or an item is null, every policy stops the group, which fails with the exception once
     * its children have ended. If the group has ended before, the exception is reported like the failure of a body,
     * unless it comes from the interrupt.
     * <li>An item that was never read has no outcome, and is in no partition.
     * <li>Only the end of the items shows whether there are enough children for {@link #firstSuccess},
     * {@link #firstDone} or {@link #atLeast}. If there are too few and no child has failed, the future then fails with
     * a {@link java.util.NoSuchElementException}.
     * </ul>
     *
     * @param atOnce how many bodies may run at the same time
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code atOnce} is zero or negative
     * @throws IllegalStateException if this is a gather over existing futures, which already run
     */
    Gather<T> concurrency(int atOnce);

    /**
     * Returns this plan with a limit that it shares with other gathers and bodies. Each body waits for a permit of the
     * limit. If the plan also has a {@linkplain #concurrency(int) limit of its own}, both hold.
     *
     * <p>Items wait for permits as under {@link #concurrency(int)}. An {@code Iterable} that is no {@code Collection} is
     * read at most one item ahead of the shared permits, so that a slow iterator holds none.
     *
     * @param limit the shared limit; replaces an earlier one
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code limit} is not of this library's engine
     * @throws IllegalStateException if this is a gather over existing futures, which already run
     */
    Gather<T> concurrency(ConcurrencyLimit limit);

    /**
     * Returns this plan with a name for the group's future. Children that the plan starts are called {@code name[0]},
     * {@code name[1]} and so on. By default the name is of the form {@code gather-3}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws IllegalArgumentException if {@code name} is blank
     */
    Gather<T> named(String name);

    /**
     * Returns this plan with a <em>timeout</em>. It runs from the call of the policy to the end of the group's future,
     * and holds no thread.
     *
     * <p>When the time is over, every policy except {@link #until} cancels the children that have not ended. Their
     * reason says <em>timed out</em>, or <em>not started</em> if the child has not begun; if the child begins at that
     * moment, the reason may say either. The group does not wait until those children have stopped, but its scope does.
     * If {@link #failFast} or a policy of your own has decided before and still waits for children, it ends now as it
     * has decided. If such a child fails while it stops, the failure stays unread in the child, and is reported.
     *
     * <ul>
     * <li>{@link #settled()} gives the outcome of each child. A child that is still stopping is
     * {@linkplain Outcome.Cancelled cancelled}, and its reason says that its body is still stopping.
     * <li>A policy of your own ({@link #using}) gives its result, after the call that is running.
     * <li>{@link #asCompleted()} gives each child when it has ended.
     * <li>{@link #until} gives what is done and what is pending.
     * <li>The other policies fail with a {@link java.util.concurrent.TimeoutException}, to which the failures of the
     * children are attached as suppressed. Its message counts the children that were done, running and not started, and
     * names the child that had run longest.
     * </ul>
     *
     * <pre>{@code
     * List<Outcome<Offer>> offers =
     *     scope.gather(shops, Shop::offer).timeout(Duration.ofMillis(300)).settled().join();
     * }</pre>
     *
     * @param limit how long
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     */
    Gather<T> timeout(Duration limit);

    /**
     * Returns this plan with a listener, which observes the end of each child until the group ends.
     * {@link ProgressListener} says when and where it is called.
     *
     * <pre>{@code
     * scope.gather(files, this::copy).onProgress(p -> bar.show(p.done(), p.total())).all().join();
     * }</pre>
     *
     * @param listener the listener; replaces an earlier one
     * @return the plan with this listener
     */
    Gather<T> onProgress(ProgressListener listener);

    /**
     * Returns all results, or the first failure at once. The first failure in time fails the group with that very
     * exception, while the other children run on. If several children had failed before the call, the first in their
     * order decides. Later failures stay unread in their children.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Future<List<T>> all();

    /**
     * Returns all results, or the first failure after the other children have stopped. The first failure in time
     * cancels the other children. When the last of them has ended, the group fails with that very exception, which has
     * the other children's failures attached as suppressed.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Future<List<T>> failFast();

    /**
     * Returns the outcome of every child, when the last child has ended. The future fails only if the iterator of the
     * items throws (see {@link #concurrency}). Reading the list reads the children's failures.
     *
     * @return a future for the list of outcomes
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Future<List<Outcome<T>>> settled();

    /**
     * Returns the first result. The group succeeds with the value of the first child that succeeds, at once, and
     * cancels the others. It does not wait until they have stopped, but its scope does. If all fail, the group fails
     * with the first failure in time, which has the others attached as suppressed. If a child wins, the failures of the
     * other children stay unread in them.
     *
     * <pre>{@code
     * String answer = scope.gather(mirrors, mirror -> mirror.apply(key)).firstSuccess().join();
     * }</pre>
     *
     * @return a future for the first result
     * @throws IllegalStateException if there is known to be no child (see {@link #concurrency}), the scope that made
     *     this plan is closed, or the plan was already started
     */
    Future<T> firstSuccess();

    /**
     * Returns the first outcome, whatever it is. The group succeeds with the outcome of the first child that ends, at
     * once, and cancels the others. It does not wait until they have stopped, but its scope does. If that child failed,
     * reading the outcome reads its failure. Failures of the other children stay unread in them.
     *
     * @return a future for the first outcome
     * @throws IllegalStateException if there is known to be no child (see {@link #concurrency}), the scope that made
     *     this plan is closed, or the plan was already started
     */
    Future<Outcome<T>> firstDone();

    /**
     * Waits for a <em>quorum</em>, {@code k} successes, and returns their results, or more if several children succeed
     * at once.
     *
     * <p>At the {@code k}th success the group succeeds, at once, with the results of all children that have succeeded,
     * in the order of the children. It cancels the other children, and does not wait until they have stopped, but its
     * scope does. Failures then stay unread in their children. When so many children have failed that {@code k} is out
     * of reach, the rest are cancelled, and the group fails at once with the first failure in time, which has the
     * earlier ones attached as suppressed.
     *
     * @param k how many must succeed: from 1 to the number of children; a child passed twice counts twice
     * @return a future for the list of results, at least {@code k}
     * @throws IllegalArgumentException if {@code k} is less than 1, or known to be more than there are children (see
     *     {@link #concurrency})
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Future<List<T>> atLeast(int k);

    /**
     * Returns which children have ended and which have not, once {@code condition} is met or all have ended. The future
     * fails only if the iterator of the items throws (see {@link #concurrency}). It cancels no child and reads no
     * failure. The other children run on. Cancelling the group's future cancels every child, even if that future is
     * already done.
     *
     * <pre>{@code
     * Partition<String> parts = Gather.of(tasks).until(Gather.When.FIRST_DONE).join();
     * }</pre>
     *
     * @param condition when to stop waiting
     * @return a future for the children that have ended and the children that have not
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Future<Partition<T>> until(When condition);

    /**
     * Starts a policy of your own. It receives each child's outcome, and decides when the group ends and with what.
     *
     * <pre>{@code
     * Offer offer = scope.gather(shops, Shop::offer).using(CheapEnough::new).join();
     * }</pre>
     *
     * @param <R> the type of the value
     * @param policy makes a policy for this group, on the calling thread, before anything starts; must not return null
     * @return a future for the policy's result
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    <R extends @Nullable Object> Future<R> using(
            Supplier<? extends GatherPolicy<? super T, ? extends R>> policy);

    /**
     * Returns the children in the order in which they end: the very futures that were passed, or the tasks that the
     * plan starts. The tasks start when this method is called, not when the result is iterated.
     *
     * <pre>{@code
     * for (Future<String> page : scope.gather(urls, url -> fetch(url)).concurrency(8).asCompleted()) {
     *     index(page.join());
     * }
     * }</pre>
     *
     * <p>The loop gets each child once in total, even if it was passed twice. Several threads may loop over this object
     * and share the children, but each needs its own iterator. {@code next()} and {@code hasNext()} wait for the next
     * end as {@link Future#join()} waits. If the waiting thread is interrupted or its task cancelled, they throw what
     * {@code join()} throws. The loop throws no failure of a child; reading the child throws it.
     *
     * <p>Breaking out of the loop does not cancel the remaining children. A slow loop does not hold them up either,
     * because this object keeps the children that were not taken yet. It forgets a child soon after it has given it
     * out.
     *
     * <p>If the group is cancelled because its scope is cancelled or closed, the children that had begun are given out.
     * If others will never be given out, the loop then throws the group's {@link TaskCancelledException}.
     *
     * @return the children in the order in which they end
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Iterable<Future<T>> asCompleted();

    /**
     * Returns the children of {@link #asCompleted()} as a stream, which is always sequential. Closing the stream before
     * its end cancels the children that have not ended, and ends the stream for a thread that still reads it.
     * Abandoning the stream without closing it cancels no child.
     *
     * <pre>{@code
     * try (Stream<Future<String>> pages = scope.gather(urls, url -> fetch(url)).stream()) {
     *     found = pages.map(Future::join).filter(page -> page.contains(word)).findFirst();
     * } // Leaving the block cancels the other downloads.
     * }</pre>
     *
     * @return the children in the order in which they end
     * @throws IllegalStateException if the scope that made this plan is closed, or the plan was already started
     */
    Stream<Future<T>> stream();

    /** Selects what {@link Gather#until} waits for. */
    enum When {
        /** Waits until a child has ended, however it ended. */
        FIRST_DONE,

        /** Waits until a child has failed (a cancellation does not count), or all have ended. */
        FIRST_FAILURE,

        /** Waits until all children have ended. */
        ALL_DONE
    }
}
