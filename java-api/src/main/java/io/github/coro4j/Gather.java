package io.github.coro4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of children and how they turn into one {@link Future}: what, then limits, then a policy, in that order of
 * reading.
 *
 * <pre>{@code
 * List<Integer> sizes = scope.gather(urls, url -> fetch(url).length()).limit(8).all().join();
 * }</pre>
 *
 * <p>A gather over existing futures ({@link #of}) is a plan about work that already runs; a policy may be called any
 * number of times. A gather made by {@link TaskScope#gather} is a plan about work that starts when its policy is called,
 * in the order of the items, and never more than {@link #limit} at once; its policy may be called once.
 *
 * <p>For every policy:
 *
 * <ul>
 *   <li>Results stand in the order of the children, whatever the order in which they end. Lists are unmodifiable and may
 *       hold nulls.
 *   <li>No children: the future is done at once, with an empty list; {@link #firstSuccess}, {@link #firstDone} and {@link
 *       #atLeast} have nothing to give then, and throw. All children done: it is done at once. The same child given twice
 *       runs once and stands twice, except in the sets of {@link #until}.
 *   <li>Cancelling the group's future asks every child, with the reason; the future is done, and {@code isCancelled()},
 *       when the last child has ended. It reaches the children even after the group's future has failed; it then returns
 *       false, because that future is done.
 *   <li>No failure vanishes: it surfaces in the group's future, or is attached to one that does as suppressed, or stays
 *       unread in its child and is reported under the child's name.
 *   <li>The group's future belongs to the current task's scope, or the global one, for {@link #of}; to the scope that made
 *       it for {@link TaskScope#gather}. It is a future like any other: it has callbacks, and groups nest.
 * </ul>
 *
 * <p>Gathers are immutable, apart from the work they start; every method may be called from any thread. No user code runs
 * in a gather: what it does when a child ends, it does on the thread on which the child ended.
 *
 * <p><b>Memory effects.</b> What a caller did before it called the policy happens-before the bodies it starts; what the
 * children did happens-before every read of the group's end.
 *
 * <p><b>Against asyncio.</b> {@link #all()} is {@code gather}, {@link #settled()} is {@code
 * gather(return_exceptions=True)}, {@link #failFast()} is a {@code TaskGroup} that gives a list, {@link #until} is {@code
 * wait}; the other policies it has not. Different: a cancelled
 * group <em>is</em> cancelled, and not before its last child has ended; it can still be cancelled after it has failed;
 * the second and later failures are kept; a list is taken as it is.
 *
 * @param <T> the type of the children's results
 */
public interface Gather<T extends @Nullable Object> {

    /**
     * A gather over futures that exist.
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
     * A gather over futures that exist.
     *
     * @param <T> the type of the results
     * @param children the futures; read once, now
     * @return the plan
     * @throws NullPointerException if {@code children} or one of them is null; the message has the index
     * @throws IllegalArgumentException if a child is not a future of this library's engine
     */
    static <T extends @Nullable Object> Gather<T> of(
            Iterable<? extends Future<? extends T>> children) {
        Arguments.notNull(children, "children", "an empty list is fine");
        List<Future<? extends T>> list =
                new ArrayList<>(children instanceof Collection<?> c ? c.size() : 10);
        for (Future<? extends T> child : children) {
            Arguments.notNullAt(child, "children", list.size());
            list.add(child);
        }
        return EngineLookup.engine().gather(list);
    }

    /**
     * This plan with a limit on how many bodies run at once. A permit is given back when a body has really ended, its
     * {@code finally} blocks included, not when somebody stopped waiting for it. Bodies that wait for a permit have not
     * begun: cancelling the group ends them without running them.
     *
     * @param atOnce how many bodies may run at the same time
     * @return the plan with this limit
     * @throws IllegalArgumentException if {@code atOnce} is zero or negative
     * @throws IllegalStateException if this is a gather over existing futures: those already run
     */
    Gather<T> limit(int atOnce);

    /**
     * This plan with a name for the group's future; children that the plan starts are called {@code name[0]}, {@code
     * name[1]} and so on. Without it the name is of the form {@code gather-3}.
     *
     * @param name the name, for messages, reports and dumps
     * @return the plan with this name
     * @throws NullPointerException if {@code name} is null
     * @throws IllegalArgumentException if {@code name} is blank
     */
    Gather<T> named(String name);

    /**
     * All results, or the first failure at once while the other children run on.
     *
     * <p>The first failure in time fails the group with that very exception, at once; of children that had failed
     * before, the first in their order. Later failures stay unread in
     * their children. A child that somebody cancelled counts as failed with its cancellation: the group fails with the
     * child's exception, which names the child, and {@code isCancelled()} is false.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> all();

    /**
     * All results, or the first failure after the other children have been stopped.
     *
     * <p>The first failure in time cancels the other children; when the last of them has ended, the group fails with that
     * very exception, which has the other children's failures attached as suppressed. A child that somebody cancelled
     * counts as failed with its cancellation.
     *
     * @return a future for the list of results
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> failFast();

    /**
     * Every child's end as a value, when the last child has ended. Never fails.
     *
     * <p>The children's failures count as read when the list is read.
     *
     * @return a future for the list of outcomes
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<Outcome<T>>> settled();

    /**
     * The first result; failures do not count until all have failed.
     *
     * <p>The first child that succeeds cancels the others, and the group succeeds with its value when the last of them
     * has ended. If all fail, the group fails with the first failure in time, which has the others attached as
     * suppressed. A child that somebody cancelled counts as failed with its cancellation. Where there is a winner, the
     * failures of losers stay unread in them.
     *
     * <pre>{@code
     * String answer = scope.gather(mirrors, mirror -> mirror.apply(key)).firstSuccess().join();
     * }</pre>
     *
     * <p><b>Against asyncio.</b> It has no such thing; {@code anyOf} of {@code CompletableFuture} takes the first end,
     * a failure included, and stops nobody.
     *
     * @return a future for the first result
     * @throws IllegalStateException if there is no child, if the scope that made this plan is closed, or if the plan was
     *     already started
     */
    Future<T> firstSuccess();

    /**
     * The first end, whatever it is, as a value. It cancels the other children, and the group succeeds with it when the
     * last of them has ended.
     *
     * <p>If the first child failed, its failure counts as read when the outcome is read from the group's own future, or
     * by a {@code map}, {@code flatMap} or callback of it. Failures of the others stay unread in them.
     *
     * @return a future for the first outcome
     * @throws IllegalStateException if there is no child, if the scope that made this plan is closed, or if the plan was
     *     already started
     */
    Future<Outcome<T>> firstDone();

    /**
     * A quorum: the results of the first {@code k} children that succeed, or of more, where several do so at once.
     *
     * <p>The {@code k}th success cancels the other children; when the last of them has ended, the group succeeds with
     * the results of all children that have succeeded, in the order of the children. As soon as so many have failed that
     * {@code k} is out of reach, the rest is cancelled, and the group fails when the last has ended: with the first failure
     * in time, which has the others attached as suppressed. A child that somebody cancelled counts as failed with its
     * cancellation. Where the quorum is reached, failures stay unread in their children.
     *
     * @param k how many must succeed: from 1 to the number of children, a child that is given twice counted twice
     * @return a future for the list of results, at least {@code k}
     * @throws IllegalArgumentException if {@code k} is less than 1 or more than there are children
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<List<T>> atLeast(int k);

    /**
     * Waits for some of the children, and stops nobody: which have ended and which have not, when {@code condition} is
     * met or all have ended. Never fails.
     *
     * <p>No child's failure is read by this. The others run on; cancelling the group's future, also when it is done, still
     * asks every child.
     *
     * <pre>{@code
     * Partition<String> parts = Gather.of(tasks).until(When.FIRST_DONE).join();
     * }</pre>
     *
     * <p><b>Against asyncio.</b> This is {@code wait}. Different: no children is not an error; to cancel the group's
     * future is to ask its children, as for every policy, while to give up waiting for it, by {@code join(Duration)} or
     * an interrupt, leaves them alone.
     *
     * @param condition when to stop waiting
     * @return a future for the children that have ended and those that have not
     * @throws NullPointerException if {@code condition} is null
     * @throws IllegalStateException if the scope that made this plan is closed, or if the plan was already started
     */
    Future<Partition<T>> until(When condition);
}
