package io.github.coro4j;

import org.jspecify.annotations.Nullable;

/**
 * A policy of your own, for {@link Gather#using}: it receives each child's end, says whether to go on, and makes the
 * group's value. One object serves one group.
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
 * <p><b>Threads.</b> Both methods are called as callbacks: on the callback executor of the group's scope, one after the
 * other and never two at once, so a policy needs no lock. The group ends in its turn after them, so they must not wait for
 * it. There is no current task.
 *
 * <p><b>Failures.</b> An outcome counts as read when the policy receives it. If the policy throws, the group stops: the
 * children that have not ended are cancelled, and the group fails with the exception when the last of them has ended.
 * If the group was cancelled meanwhile, the exception is reported.
 *
 * @param <T> the type of the children's results
 * @param <R> the type of the group's value
 */
public interface GatherPolicy<T extends @Nullable Object, R extends @Nullable Object> {

    /** What to do after the end of a child. */
    enum Decision {
        /** Wait for other children; if there is none, the group ends. */
        GO_ON,

        /** End the group now, and let the other children run on. */
        CONCLUDE,

        /** Cancel the other children, and end the group when the last of them has ended. */
        STOP
    }

    /**
     * Receives a child's end, and says what to do. Called in the order in which the children end; of two that end at
     * about the same time, either may be the first. Called once for each place that a child has in the group. Never
     * called again after any answer but {@link Decision#GO_ON}, or after an exception. Not called for a child that ends
     * after the group was cancelled.
     *
     * @param index the child's place in the group, from zero
     * @param outcome how it ended; {@link Outcome.Cancelled} also for one that was stopped because the time was over
     * @return what to do now
     * @throws Exception to stop the group, and to fail it
     */
    Decision ended(int index, Outcome<T> outcome) throws Exception;

    /**
     * The group's value; called once, after the last call of {@link #ended}, unless the group was cancelled.
     *
     * @return the value of the group's future
     * @throws Exception what the group fails with
     */
    R result() throws Exception;
}
