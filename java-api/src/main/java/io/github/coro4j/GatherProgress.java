package io.github.coro4j;

/**
 * How far a group is, when a child has ended. Each progress that a listener receives has one more in {@code done} than
 * the one before.
 *
 * <p>Receiving {@code last} does not read its failure: if that stays unread, it is still reported.
 *
 * @param done how many children have ended, with this one; a child that appears in the group twice counts twice
 * @param failed how many of those did not succeed: they failed, or were cancelled
 * @param running how many children run now: those of {@link TaskScope#gather} whose bodies have begun and not returned,
 *     or, over existing futures, all that are not in {@code done}
 * @param total how many children there are; -1 while the items are read one by one and have not come to their end
 * @param last the child that has ended; it is done
 */
public record GatherProgress(long done, long failed, long running, long total, Future<?> last) {}
