package io.github.coro4j.interop.engine;

/**
 * Overflows the stack, and tries an action with almost no stack left, then with one frame more, and so on until the
 * action works.
 */
final class DeepStack {
    /** The action. Each attempt gets the number of attempts before it. */
    @FunctionalInterface
    interface Attempt {
        void run(int number);
    }

    private final Attempt attempt;
    private int attempts;

    private DeepStack(Attempt attempt) {
        this.attempt = attempt;
    }

    /** Tries the action on the caller's stack, and returns how many attempts overflowed. */
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
