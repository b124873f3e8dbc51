package io.github.coro4j.interop.chaos;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An exception that knows the round in which it was created. The engine reports an unreachable failure when the garbage
 * collector finds it, perhaps in a later round. The log of that round must not count it.
 */
interface Marked {
    RoundMark mark();

    /** The mark of one round. It keeps no object of the round, because exceptions outlive their rounds. */
    final class RoundMark {
        /** The number of groups of earlier rounds that no code holds. Their failures may be logged in any later round. */
        private static final AtomicInteger UNSEEN_GROUPS_SO_FAR = new AtomicInteger();

        private static volatile RoundMark current = new RoundMark(0);

        final long seed;
        private final AtomicInteger unseenGroups = new AtomicInteger();

        private RoundMark(long seed) {
            this.seed = seed;
        }

        static RoundMark current() {
            return current;
        }

        static RoundMark begin(long seed) {
            current = new RoundMark(seed);
            return current;
        }

        /** Books that a call created a group and then threw. No code holds the group, and it may still fail. */
        void unseenGroup() {
            unseenGroups.incrementAndGet();
            UNSEEN_GROUPS_SO_FAR.incrementAndGet();
        }

        int unseenGroups() {
            return unseenGroups.get();
        }

        /** Returns how many groups that no code holds may have failed with the exception, in this round or an earlier round. */
        int unseenFailures(Throwable exception) {
            return exception instanceof Marked ? unseenGroups.get() : UNSEEN_GROUPS_SO_FAR.get();
        }
    }

    /** An error of a body. */
    final class Mistake extends AssertionError implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        Mistake(String what) {
            super(what);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }
    }

    /** A cancellation that was not requested. */
    final class Cancellation extends CancellationException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        Cancellation(String what) {
            super(what);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }
    }

    /** The refusal of an executor. */
    final class Rejection extends RejectedExecutionException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        Rejection(String what) {
            super(what);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }
    }
}
