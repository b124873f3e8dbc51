package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A policy of your own, for {@link Gather#using}. It receives the outcome of each child, decides whether the group goes
 * on, and computes the group's value. One object serves one group.
 *
 * <pre>{@code
 * class CheapEnough implements GatherPolicy<Offer, Offer> {
 *     private Offer best;
 *
 *     public Decision ended(int index, Outcome<Offer> outcome) {
 *         if (outcome instanceof Outcome.Success<Offer> success) {
 *             Offer offer = success.value();
 *             best = best == null || offer.price() < best.price() ? offer : best;
 *         }
 *         return best != null && best.price() <= 10 ? Decision.STOP : Decision.GO_ON;
 *     }
 *
 *     public Offer result() {
 *         return best;
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> Both methods are called like callbacks, on the callback executor of the group's scope. The calls
 * are never concurrent, so a policy needs no lock. The group ends after these calls, so a policy must not wait for the
 * group. There is no current task.
 *
 * <p><b>Failures.</b> Passing an outcome to the policy <em>reads</em> its failure. If the policy throws, the children
 * that have not ended are cancelled. When the last of them has ended, the group fails with the exception. If the group
 * was cancelled meanwhile, the exception is reported.
 *
 * @param <T> the type of the children's results
 * @param <R> the type of the group's value
 */
public interface GatherPolicy<T extends @Nullable Object, R extends @Nullable Object> {

    /** What the group does after the end of a child. */
    enum Decision {
        /** Waits for the next child; if there is none, the group ends. */
        GO_ON,

        /** Ends the group now, and lets the other children run on. */
        CONCLUDE,

        /** Cancels the other children, and ends the group when the last of them has ended. */
        STOP
    }

    /**
     * Receives the outcome of a child, and decides what the group does. The calls come in the order in which the
     * children end; if two end at about the same time, either may come first.
     *
     * <p>It is called once for each place that a child has in the group. It is not called again after it has thrown, or
     * has returned a decision other than {@link Decision#GO_ON}. It is not called for a child that ends after the group
     * was cancelled.
     *
     * @param index the child's place in the group, from zero
     * @param outcome how the child ended; {@link Outcome.Cancelled} also if it was stopped because the time was over
     * @return what the group does now
     * @throws Exception if the group is to stop, and to fail with that very object
     */
    Decision ended(int index, Outcome<T> outcome) throws Exception;

    /**
     * Computes the group's value. It is called once, after the last call of {@link #ended}, unless the group was
     * cancelled.
     *
     * @return the value of the group's future
     * @throws Exception if the group is to fail with that very object
     */
    R result() throws Exception;
}
