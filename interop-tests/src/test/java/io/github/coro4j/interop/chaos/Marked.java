package io.github.coro4j.interop.chaos;

import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An exception that knows the round in which it was made. A failure that nobody can read is reported when the garbage
 * collector finds it, which may be in a later round: the log of that round must not count it.
 */
interface Marked {
    RoundMark mark();

    /** One round. It keeps nothing of it, because exceptions outlive their rounds. */
    final class RoundMark {
        /** Groups of earlier rounds that nobody has: their failures may be logged in any later round. */
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

        /** A group was made, and the call that made it threw: nobody has it, and it may fail all the same. */
        void unseenGroup() {
            unseenGroups.incrementAndGet();
            UNSEEN_GROUPS_SO_FAR.incrementAndGet();
        }

        int unseenGroups() {
            return unseenGroups.get();
        }

        /** How often a group whose future nobody has may have failed with this, in this round or an earlier one. */
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

    /** A cancellation that nobody asked for. */
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
