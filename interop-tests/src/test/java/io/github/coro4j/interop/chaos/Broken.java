package io.github.coro4j.interop.chaos;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Exceptions whose methods throw, return null, or lead in a circle. The books compare them by identity, and call none of
 * these methods unguarded.
 */
final class Broken {
    private static final int KINDS = 4;

    /** The exceptions that many futures of a round share. */
    static final class Shared {
        private final AtomicReferenceArray<Throwable> all = new AtomicReferenceArray<>(3);

        /** Returns one of a few exceptions. Within a round the same number gives the same exception. */
        Throwable pick(int number) {
            int index = Math.floorMod(number, all.length());
            if (all.get(index) == null) {
                all.compareAndSet(
                        index,
                        null,
                        index == 0
                                ? failure(number, "shared " + index)
                                : index == 1
                                        ? new ChaosFailure("shared " + index)
                                        : new Marked.Mistake("shared " + index));
            }
            return all.get(index);
        }

        /** Checks R17: a shared exception has only a few suppressed exceptions. */
        void balance(Ledger ledger) {
            for (int i = 0; i < all.length(); i++) {
                Throwable each = all.get(i);
                if (each != null && each.getSuppressed().length > MOST_SUPPRESSED) {
                    ledger.wrong(
                            RoundReport.shown(each)
                                    + " is shared, and has collected "
                                    + each.getSuppressed().length
                                    + " suppressed exceptions (R17)");
                }
            }
        }
    }

    private static final int MOST_SUPPRESSED = 48;

    private Broken() {}

    /** Returns a new broken exception. The number chooses its kind. */
    static RuntimeException failure(int number, String what) {
        return switch (Math.floorMod(number, KINDS)) {
            case 0 -> new Throwing(what);
            case 1 -> new Sloppy(what);
            case 2 -> new Circular(what);
            default -> new BrokenCancellation(what);
        };
    }

    /** Returns the cause, or null if the exception does not give it. */
    static Throwable causeOf(Throwable exception) {
        try {
            return exception.getCause();
        } catch (Throwable broken) {
            return null;
        }
    }

    /** Returns the message, or null if the exception does not give it. */
    static String messageOf(Throwable exception) {
        try {
            return exception.getMessage();
        } catch (RuntimeException broken) {
            return null;
        }
    }

    private static IllegalStateException broken(String method) {
        return new IllegalStateException("a broken exception: " + method);
    }

    /** An exception whose methods all throw. */
    private static final class Throwing extends RuntimeException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        Throwing(String what) {
            super(what);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }

        @Override
        public boolean equals(Object other) {
            throw broken("equals");
        }

        @Override
        public int hashCode() {
            throw broken("hashCode");
        }

        @Override
        public String toString() {
            throw broken("toString");
        }

        @Override
        public String getMessage() {
            throw broken("getMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw broken("getCause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw broken("getStackTrace");
        }

        @Override
        public void setStackTrace(StackTraceElement[] stack) {
            throw broken("setStackTrace");
        }

        @Override
        public void printStackTrace(PrintStream stream) {
            throw broken("printStackTrace");
        }

        @Override
        public void printStackTrace(PrintWriter writer) {
            throw broken("printStackTrace");
        }

        @Override
        public synchronized Throwable initCause(Throwable cause) {
            throw broken("initCause");
        }
    }

    /** An exception whose {@code equals} casts without a check, and whose other methods return null. */
    private static final class Sloppy extends RuntimeException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();
        private final String what;

        Sloppy(String what) {
            super(what);
            this.what = what;
        }

        @Override
        public RoundMark mark() {
            return mark;
        }

        @Override
        public boolean equals(Object other) {
            return ((Sloppy) other).what != null;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public String toString() {
            return null;
        }

        @Override
        public String getMessage() {
            return null;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return null;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return null;
        }
    }

    /** An exception that is its own cause, and that its cause suppresses. */
    private static final class Circular extends RuntimeException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        Circular(String what) {
            super(what);
            Throwable inner = new RuntimeException("inside of " + what, this);
            addSuppressed(inner);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    /** A cancellation that was not requested, and whose texts throw. */
    private static final class BrokenCancellation extends CancellationException implements Marked {
        private static final long serialVersionUID = 1L;
        private final transient RoundMark mark = RoundMark.current();

        BrokenCancellation(String what) {
            super(what);
        }

        @Override
        public RoundMark mark() {
            return mark;
        }

        @Override
        public String getMessage() {
            throw broken("getMessage");
        }

        @Override
        public String toString() {
            throw broken("toString");
        }

        @Override
        public synchronized Throwable getCause() {
            throw broken("getCause");
        }

        @Override
        public boolean equals(Object other) {
            return ((BrokenCancellation) other).mark == mark;
        }

        @Override
        public int hashCode() {
            throw broken("hashCode");
        }
    }
}
