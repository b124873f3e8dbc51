package io.github.coro4j.interop.engine;

/**
 * A stack that has overflowed: an action is tried with almost none of it left, then with a frame more, and so on until
 * it works.
 */
final class DeepStack {
    /** What is tried; each attempt gets the number of those before it. */
    @FunctionalInterface
    interface Attempt {
        void run(int number);
    }

    private final Attempt attempt;
    private int attempts;

    private DeepStack(Attempt attempt) {
        this.attempt = attempt;
    }

    /** Tries on the caller's stack; returns how many attempts overflowed. */
    static int into(Attempt attempt) {
        DeepStack dive = new DeepStack(attempt);
        if (!dive.deeper()) {
            throw new AssertionError("did not work on any stack");
        }
        return dive.attempts - 1;
    }

    private boolean deeper() {
        boolean worked;
        try {
            worked = deeper();
        } catch (StackOverflowError e) {
            worked = false;
        }
        if (worked) {
            return true;
        }
        try {
            attempt.run(attempts++);
            return true;
        } catch (StackOverflowError e) {
            return false;
        }
    }
}
