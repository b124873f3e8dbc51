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
 * A group of children and how they turn into one {@link Future}: first the children, then limits, then a policy.
 *
 * <pre>{@code
 * List<Integer> sizes = scope.gather(urls, url -> fetch(url).length()).concurrency(8).all().join();
 * }</pre>
 *
 * <p>A gather over existing futures ({@link #of}) is a plan about work that already runs. Its policies may be called any
 * number of times. A gather made by {@link TaskScope#gather} is a plan about work that starts when its policy is called,
 * which may happen once. Bodies are handed over in the order of the items, and begin in the order in which the executor
 * takes them. docs/gather.md has a table of what each policy does in each situation.
 *
 * <p>For every policy:
 *
 * <ul>
 *   <li>Results are in the order of the children, whatever the order in which they end. Lists are unmodifiable and may
 *       hold nulls. A child passed twice runs once and appears twice, except in the sets of {@link #until} and in
 *       {@link #asCompleted}.
 *   <li>If there are no children, or all are done, the future is done at once. Without children its list is empty;
 *       {@link #firstSuccess}, {@link #firstDone} and {@link #atLeast} throw. If {@link #onProgress} or {@link #using}
 *       calls your code, the future is done after those calls.
 *   <li>Cancelling the group's future asks every child, with the reason, even after that future has failed. The future is
 *       cancelled when the last child has ended. A value that was found meanwhile is dropped; a failure that was decided
 *       before is not.
 *   <li>When the scope of the group's future ends, it cancels the group and the children that live in that scope. Children
 *       in other scopes run on, and the group does not wait for them.
 *   <li>No failure vanishes: it surfaces in the group's future, or is attached to one that does as suppressed, or stays
 *       unread in its child and is reported under the child's name. A failure that surfaces and stays unread there is
 *       reported when the scope of its child closes. At most 32 exceptions are attached to one exception, and none to an
 *       exception that several futures failed with.
 *   <li>A child that was cancelled, but not by the group, counts as failed with its cancellation. If that fails the group,
 *       the exception names the child, and {@code isCancelled()} of the group's future is false.
 *   <li>The group's future belongs to the current task's scope, or the global one, for {@link #of}; to the scope that made
 *       it for {@link TaskScope#gather}. It is a future like any other: it has callbacks, and groups nest.
 * </ul>
 *
 * <p><b>Threads.</b> Gathers are immutable, apart from the work they start; every method may be called from any thread.
 * What a gather does when a child ends, it does on the thread on which the child ended. No user code runs there: policies
 * of your own and progress listeners are called as callbacks are.
 *
 * <p><b>Memory effects.</b> What a caller did before it called the policy happens-before the bodies it starts; what the
 * children did happens-before every read of the group's end.
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
     * @throws NullPointerException if {@code children} or one of them is null; the message has the index
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
     * @throws NullPointerException if {@code children} or one of them is null; the message has the index
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    static <T extends @Nullable Object> Gather<T> of(
            Iterable<? extends Future<? extends T>> children) {
        return Gathers.of(children);
    }

    /**
     * Returns a gather over futures that have keys, with maps for lists.
     *
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param children the futures by key; read once, now, and the order of its iteration is kept
     * @return the plan
     * @throws NullPointerException if {@code children} or one of the futures is null; the message has the key
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    static <K extends @Nullable Object, T extends @Nullable Object> KeyedGather<K, T> keyed(
            Map<? extends K, ? extends Future<? extends T>> children) {
        return Gathers.keyed(children);
    }

    /**
     * Ends a stream of futures in a gather.
     *
     * <pre>{@code
     * List<String> pages = urls.stream().map(this::download).collect(Gather.toGather()).all().join();
     * }</pre>
     *
     * @param <T> the type of the results
     * @return a collector of futures, as {@link #of(Iterable)}; a null future is a {@code NullPointerException} with its
     *     index
     */
    static <T extends @Nullable Object> Collector<Future<? extends T>, ?, Gather<T>> toGather() {
        return Gathers.collector();
    }

    /**
     * Ends a stream in a keyed gather, in the order of the stream.
     *
     * <pre>{@code
     * Map<URI, String> pages =
     *     urls.stream().collect(Gather.toKeyedGather(url -> url, this::download)).all().join();
     * }</pre>
     *
     * @param <E> the type of the elements
     * @param <K> the type of the keys
     * @param <T> the type of the results
     * @param keyOf gives an element's key; a key that two elements have is an {@code IllegalStateException}
     * @param futureOf gives an element's future
     * @return a collector, as {@link #keyed}
     * @throws NullPointerException if an argument is null
     */
    static <E, K extends @Nullable Object, T extends @Nullable Object>
            Collector<E, ?, KeyedGather<K, T>> toKeyedGather(
                    Function<? super E, ? extends K> keyOf,
                    Function<? super E, ? extends Future<? extends T>> futureOf) {
        return Gathers.keyedCollector(keyOf, futureOf);
    }

    /**
     * Makes several attempts in the current task's scope, or in the global one; otherwise like {@link TaskScope#hedge}.
     *
     * @param <T> the type of the results
     * @param attempts how many attempts there are at most
     * @param delay how long an attempt may go without an answer before the next one begins; zero begins all at once
     * @param body is given the number of the attempt, from zero
     * @return a future for the first result, and the number of the attempt that has it
     * @throws NullPointerException if {@code delay} or {@code body} is null
     * @throws IllegalArgumentException if {@code attempts} is less than 1 or {@code delay} is negative
     * @throws IllegalStateException if the scope is closed
     */
    static <T extends @Nullable Object> Future<Hedged<T>> hedge(
            int attempts, Duration delay, ThrowingFunction<? super Integer, ? extends T> body) {
        return EngineLookup.engine().currentScope().hedge(attempts, delay, body);
    }

    /**
     * Returns this plan with a concurrency limit: at most {@code atOnce} bodies run at once. A permit is returned when a
     * body has really ended, its {@code finally} blocks included, not when a caller stops waiting for it.
     *
     * <p>Only the item waits for a permit. Its task is made when its turn comes, or never if the group is cancelled
     * before that. A {@code Collection} of items was read when the plan was made. Any other {@code Iterable} is read as
     * permits come free, so it may be endless, and it may block. It is read in the scope, on its executor and by one
     * thread at a time, and a cancel of the group interrupts it. There is no current task meanwhile, and task listeners
     * observe nothing.
     *
     * <p>If the iterator throws, or gives null, the group is stopped under every policy, and fails with that exception
     * once its children have ended. If the group has ended before, the exception is reported as a body's failure would
     * be, unless it comes from the interrupt. An item that was never read has no outcome, and is in no partition.
     * Whether there are enough children for {@link #firstSuccess}, {@link #firstDone} or {@link #atLeast} is known only
     * at the end of the items. If there are too few and no child has failed, the future then fails with a
     * {@link java.util.NoSuchElementException}.
     *
     * @param atOnce how many bodies may run at the same time
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code atOnce} is zero or negative
     * @throws IllegalStateException if this is a gather over existing futures: those already run
     */
    Gather<T> concurrency(int atOnce);

    /**
     * Returns this plan with a name for the group's future; children that the plan starts are called {@code name[0]},
     * {@code name[1]} and so on. Without it the name is of the form {@code gather-3}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     */
    Gather<T> named(String name);

    /**
     * Returns this plan with a time limit, which runs from the call of the policy to the end of the group's future. It
     * holds no thread. When it is over, the children that have not ended are cancelled. Their reason says <em>timed
     * out</em>, or <em>not started</em> if the child has not begun; it may say either if the child is just beginning. The
     * group ends when the last of its children has ended, with what is there.
     *
     * <ul>
     *   <li>{@link #settled()} has an outcome for each child, and {@link #asCompleted()} gives each of them out. A
     *       policy of your own ({@link #using}) receives each outcome, and makes its result.
     *   <li>{@link #until} gives what is done and what is pending, and cancels no child.
     *   <li>The other policies fail with a {@link java.util.concurrent.TimeoutException}, to which the failures of the
     *       children are attached as suppressed. Its message counts the children that were done, running and not
     *       started, and names the child that had run longest.
     * </ul>
     *
     * <pre>{@code
     * List<Outcome<Offer>> offers =
     *     scope.gather(shops, Shop::offer).timeout(Duration.ofMillis(300)).settled().join();
     * }</pre>
     *
     * @param limit how long
     * @return the plan with this limit
     * @throws NullPointerException if {@code limit} is null
     * @throws IllegalArgumentException if {@code limit} is zero or negative
     */
    Gather<T> timeout(Duration limit);

    /**
     * Returns this plan with a listener, which observes the end of each child until the group ends. The listener is
     * called as a callback, on the callback executor of the group's scope: in the order in which the children end, and
     * never two calls at once. The group's future waits for these calls, so none comes after it is done.
     *
     * <pre>{@code
     * scope.gather(files, this::copy).onProgress(p -> bar.show(p.done(), p.total())).all().join();
     * }</pre>
     *
     * @param listener the listener; replaces a listener that was given before
     * @return the plan with this listener
     * @throws NullPointerException if {@code listener} is null
     */
    Gather<T> onProgress(ProgressListener listener);

    /**
     * Returns all results, or the first failure at once while the other children run on. The first failure in time
     * fails the group with that very exception, at once. Of children that had failed before the call, the first in
     * their order decides. Later failures stay unread in their children.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> all();

    /**
     * Returns all results, or the first failure after the other children have been stopped. The first failure in time
     * cancels the other children; when the last of them has ended, the group fails with that very exception, which has
     * the other children's failures attached as suppressed.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> failFast();

    /**
     * Returns every child's end as a value, when the last child has ended. Never fails. The children's failures count
     * as read when the list is read.
     *
     * @return a future for the list of outcomes
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<Outcome<T>>> settled();

    /**
     * Returns the first result. The first child that succeeds cancels the others, and the group succeeds with its value
     * when the last of them has ended. If all fail, the group fails with the first failure in time, which has the others
     * attached as suppressed. If a child wins, the failures of the other children stay unread in them.
     *
     * <pre>{@code
     * String answer = scope.gather(mirrors, mirror -> mirror.apply(key)).firstSuccess().join();
     * }</pre>
     *
     * @return a future for the first result
     * @throws IllegalStateException if there is no child, as far as that is known ({@link #concurrency}), if the scope
     *     that made this plan is closed, or if the plan was already started
     */
    Future<T> firstSuccess();

    /**
     * Returns the first end, whatever it is, as a value. That end cancels the other children, and the group succeeds
     * with it when the last of them has ended. If the first child failed, its failure counts as read when the outcome
     * is. Failures of the others stay unread in them.
     *
     * @return a future for the first outcome
     * @throws IllegalStateException if there is no child, as far as that is known ({@link #concurrency}), if the scope
     *     that made this plan is closed, or if the plan was already started
     */
    Future<Outcome<T>> firstDone();

    /**
     * Returns a quorum: the results of the first {@code k} children that succeed, or of more if several succeed at once.
     *
     * <p>The {@code k}th success cancels the other children; when the last of them has ended, the group succeeds with
     * the results of all children that have succeeded, in the order of the children. Once so many children have failed
     * that {@code k} is out of reach, the rest are cancelled. When the last child has ended, the group then fails with
     * the first failure in time, which has the others attached as suppressed. If the quorum is reached, failures stay
     * unread in their children.
     *
     * @param k how many must succeed: from 1 to the number of children, a child that is given twice counted twice
     * @return a future for the list of results, at least {@code k}
     * @throws IllegalArgumentException if {@code k} is less than 1, or more than there are children, as far as that is
     *     known ({@link #concurrency})
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> atLeast(int k);

    /**
     * Returns which children have ended and which have not, once {@code condition} is met or all have ended. Cancels no
     * child, and never fails. This reads no child's failure. The other children run on. Cancelling the group's future
     * still asks every child to stop, even if that future is already done.
     *
     * <pre>{@code
     * Partition<String> parts = Gather.of(tasks).until(Gather.When.FIRST_DONE).join();
     * }</pre>
     *
     * @param condition when to stop waiting
     * @return a future for the children that have ended and those that have not
     * @throws NullPointerException if {@code condition} is null
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<Partition<T>> until(When condition);

    /**
     * Starts a policy of your own, which receives each child's end and says when the group ends, and with what.
     *
     * <pre>{@code
     * Offer offer = scope.gather(shops, Shop::offer).using(CheapEnough::new).join();
     * }</pre>
     *
     * @param <R> the type of the value
     * @param policy makes the policy, on this thread, before anything starts; one for each group
     * @return a future for the policy's result
     * @throws NullPointerException if {@code policy} or what it makes is null
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    <R extends @Nullable Object> Future<R> using(
            Supplier<? extends GatherPolicy<? super T, ? extends R>> policy);

    /**
     * Returns the children in the order in which they end: the very futures that were given, or the tasks that the plan
     * starts. The tasks start when this method is called, not when the result is iterated.
     *
     * <pre>{@code
     * for (Future<String> page : scope.gather(urls, url -> fetch(url)).concurrency(8).asCompleted()) {
     *     index(page.join());
     * }
     * }</pre>
     *
     * <p>Each child is given out once in total, even if it was passed twice. Several threads may loop over this object and
     * share the children, but each needs its own iterator. {@code next()} and {@code hasNext()} wait for the next end as
     * {@link Future#join()} waits, and throw what it throws if the waiting thread is interrupted or its task cancelled.
     * Reading a child throws its failure; the loop does not.
     *
     * <p>Breaking out of the loop does not cancel the remaining children. A slow loop does not hold them up either: children
     * that were not taken yet are kept. This object forgets a child soon after it has given it out.
     *
     * <p>If the group is cancelled because its scope is cancelled or closed, the children that had begun are given out. If
     * other children will never be given out, the loop then throws the group's {@link TaskCancelledException}.
     *
     * @return the children in order of completion
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Iterable<Future<T>> asCompleted();

    /**
     * Returns the children of {@link #asCompleted()} as a stream. Closing the stream before its end cancels the
     * children that have not ended; a thread that still reads it then finds its end. Abandoning the stream without
     * closing it cancels no child. The stream is sequential, and stays so when it is asked to be parallel.
     *
     * <pre>{@code
     * try (Stream<Future<String>> pages = scope.gather(urls, url -> fetch(url)).stream()) {
     *     found = pages.map(Future::join).filter(page -> page.contains(word)).findFirst();
     * } // the other downloads are cancelled
     * }</pre>
     *
     * @return the children in order of completion
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Stream<Future<T>> stream();

    /** Selects what {@link Gather#until} waits for; after asyncio's {@code wait}. */
    enum When {
        /** Waits until one child has ended, however it ended: {@code FIRST_COMPLETED}. */
        FIRST_DONE,

        /** Waits until one child has failed, not cancelled, or all have ended: {@code FIRST_EXCEPTION}. */
        FIRST_FAILURE,

        /** Waits until all children have ended: {@code ALL_COMPLETED}. */
        ALL_DONE
    }
}
