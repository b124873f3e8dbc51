package io.github.coro4j.interop.chaos;

import io.github.coro4j.Task;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The ways in which a body ends after its steps. The end of the round frees all bodies that block. */
enum BodyEnd {
    VALUE(30) {
        @Override
        Object end(Round round, String name) {
            return "value of " + name;
        }
    },
    NULL(5) {
        @Override
        Object end(Round round, String name) {
            return null;
        }
    },
    THROW(20) {
        @Override
        Object end(Round round, String name) {
            throw new ChaosFailure("thrown by " + name);
        }
    },
    THROW_ERROR(3) {
        @Override
        Object end(Round round, String name) {
            throw new Marked.Mistake("thrown by " + name);
        }
    },
    /** The body throws a cancellation that was not requested, which is a failure. */
    THROW_CANCELLATION(4) {
        @Override
        Object end(Round round, String name) {
            throw new Marked.Cancellation("thrown by " + name);
        }
    },
    BLOCK(8) {
        @Override
        Object end(Round round, String name) throws InterruptedException {
            round.ended.await();
            return "late value of " + name;
        }
    },
    BLOCK_A_LITTLE(8) {
        @Override
        Object end(Round round, String name) throws InterruptedException {
            round.ended.await(2);
            return "value of " + name;
        }
    },
    /** The body sees an interrupt only by its flag, or because its park returns. */
    PARK(4) {
        @Override
        Object end(Round round, String name) {
            while (!round.ended.isOpen() && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(this, 500_000);
            }
            return "value of " + name;
        }
    },
    SPIN(4) {
        @Override
        Object end(Round round, String name) {
            while (!round.ended.isOpen()) {
                Task.checkCancelled();
                Thread.yield();
            }
            return "value of " + name;
        }
    },
    /** The body blocks until it is cancelled, and then blocks again. */
    SWALLOW(5) {
        @Override
        Object end(Round round, String name) throws InterruptedException {
            try {
                round.ended.await();
            } catch (InterruptedException e) {
                round.ended.await(1);
            }
            return "value of " + name + " in spite of all";
        }
    },
    THROW_IN_CLEAN_UP(6) {
        @Override
        @SuppressWarnings("finally") // the body makes this mistake on purpose
        Object end(Round round, String name) throws InterruptedException {
            try {
                round.ended.await(3);
                return "value of " + name;
            } finally {
                throw new ChaosFailure("thrown by the clean-up of " + name);
            }
        }
    },
    /** The body throws an exception whose own methods throw. */
    THROW_BROKEN(Switches.weight(Switches.BROKEN_EXCEPTIONS, 8)) {
        @Override
        Object end(Round round, String name) {
            throw Broken.failure(name.hashCode(), "thrown by " + name);
        }
    },
    /** The body throws an exception that other bodies throw too. */
    THROW_SHARED(Switches.weight(Switches.SHARED_EXCEPTIONS, 8)) {
        @Override
        Object end(Round round, String name) {
            Throwable shared = round.shared.pick(name.hashCode());
            if (shared instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) shared;
        }
    },
    /** The body blocks in a channel whose close throws on the thread that interrupts. */
    BLOCK_IN_A_CHANNEL(Switches.weight(Switches.BROKEN_INTERRUPTS, 6)) {
        @Override
        Object end(Round round, String name) throws Exception {
            return new BrokenChannel(round).read("late value of " + name);
        }
    },
    /** The body leaves its interrupt flag set. The next body on this thread must not see the flag. */
    LEAVE_THE_FLAG(3) {
        @Override
        Object end(Round round, String name) {
            Thread.currentThread().interrupt();
            return "value of " + name;
        }
    };

    private static final int WEIGHTS = Stream.of(values()).mapToInt(each -> each.weight).sum();
    private final int weight;

    BodyEnd(int weight) {
        this.weight = weight;
    }

    abstract Object end(Round round, String name) throws Exception;

    static BodyEnd draw(SplittableRandom random) {
        int drawn = random.nextInt(WEIGHTS);
        for (BodyEnd each : values()) {
            drawn -= each.weight;
            if (drawn < 0) {
                return each;
            }
        }
        throw new AssertionError("the weights do not add up");
    }
}
