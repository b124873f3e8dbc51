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
 *   <li>No children: the future is done at once, with an empty list. All children done: it is done at once. The same
 *       child given twice runs once and stands twice.
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
 * gather(return_exceptions=True)}, {@link #failFast()} is a {@code TaskGroup} that gives a list. Different: a cancelled
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
}
