package io.github.coro4j;

/**
 * The progress of a group at the end of a child. Each progress that a listener receives has one more in {@code done}
 * than the one before.
 *
 * <p>Receiving {@code last} does not read its failure: if that stays unread, it is still reported.
 *
 * @param done how many children have ended, including this one; a child that appears in the group twice counts twice
 * @param failed how many of those failed or were cancelled
 * @param running how many children run now. For {@link TaskScope#gather} these are the bodies that have begun and not
 *     returned; for {@link Gather#of} all children that are not in {@code done}
 * @param total how many children there are; -1 until the end of the items is known, if they are read one by one
 * @param last the child that has ended; it is done
 */
public record GatherProgress(long done, long failed, long running, long total, Future<?> last) {
    @Override
    public String toString() {
        return RecordText.of(
                "GatherProgress",
                "done",
                done,
                "failed",
                failed,
                "running",
                running,
                "total",
                total,
                "last",
                last);
    }
}
