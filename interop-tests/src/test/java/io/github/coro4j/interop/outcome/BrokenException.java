package io.github.coro4j.interop.outcome;

import java.io.Serial;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Exceptions of users whose methods throw or return strange values. */
enum BrokenException {
    EQUALS_CASTS(CodeException::new),
    EQUALS_THROWS(() -> new Thrower("equals")),
    HASH_CODE_THROWS(() -> new Thrower("hashCode")),
    TO_STRING_THROWS(() -> new Thrower("toString")),
    MESSAGE_THROWS(() -> new Thrower("getMessage")),
    LOCALIZED_MESSAGE_THROWS(() -> new Thrower("getLocalizedMessage")),
    CAUSE_THROWS(() -> new Thrower("getCause")),
    STACK_TRACE_THROWS(() -> new Thrower("getStackTrace")),
    EVERYTHING_THROWS(() -> new Thrower("")),
    TEXT_IS_NULL(NullText::new),
    CAUSE_IS_ITSELF(OwnCause::new),
    CAUSES_NEVER_END(EndlessCauses::new),
    NO_STACK_TRACE(NoTrace::new),
    CANCELLATION_THROWS(BrokenCancellation::new),
    COMPLETION_CAUSE_THROWS(BrokenCompletion::new),
    EXECUTION_CAUSE_THROWS(BrokenExecution::new),
    INTERRUPTION_THROWS(BrokenInterruption::new),
    ERROR_THROWS(BrokenError::new);

    private final Supplier<Throwable> make;

    BrokenException(Supplier<Throwable> make) {
        this.make = make;
    }

    Throwable make() {
        return make.get();
    }

    /** Returns whether the exception counts as a cancellation if the body throws it after a cancel. */
    boolean isCancellation() {
        return this == CANCELLATION_THROWS || this == INTERRUPTION_THROWS;
    }

    /** Throws the exception as it is, even if it is checked. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException rethrow(Throwable exception) throws E {
        throw (E) exception;
    }

    private static RuntimeException broken(String method) {
        return new UnsupportedOperationException(method + " is broken");
    }

    private static class CodeException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        final int code = 7;

        @Override
        public boolean equals(Object other) {
            return ((CodeException) other).code == code;
        }

        @Override
        public int hashCode() {
            return code;
        }
    }

    private static class Thrower extends Exception {
        @Serial private static final long serialVersionUID = 1L;

        private final String method;

        Thrower(String method) {
            this.method = method;
        }

        private void check(String called) {
            // The field is null while the constructor of Throwable runs.
            if (method != null && (method.isEmpty() || method.equals(called))) {
                throw broken(called);
            }
        }

        @Override
        public boolean equals(Object other) {
            check("equals");
            return this == other;
        }

        @Override
        public int hashCode() {
            check("hashCode");
            return 1;
        }

        @Override
        public String toString() {
            check("toString");
            return "a Thrower";
        }

        @Override
        public String getMessage() {
            check("getMessage");
            return "broken";
        }

        @Override
        public String getLocalizedMessage() {
            check("getLocalizedMessage");
            return "broken";
        }

        @Override
        public synchronized Throwable getCause() {
            check("getCause");
            return null;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            check("getStackTrace");
            return super.getStackTrace();
        }

        @Override
        public synchronized Throwable initCause(Throwable cause) {
            throw broken("initCause");
        }

        @Override
        public void setStackTrace(StackTraceElement[] trace) {
            throw broken("setStackTrace");
        }
    }

    private static class NullText extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            return null;
        }

        @Override
        public String toString() {
            return null;
        }
    }

    private static class OwnCause extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return this;
        }
    }

    private static class EndlessCauses extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new EndlessCauses();
        }
    }

    private static class NoTrace extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return null;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            return null;
        }
    }

    private static class BrokenCancellation extends CancellationException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw broken("getMessage");
        }

        @Override
        public synchronized Throwable getCause() {
            throw broken("getCause");
        }

        @Override
        public boolean equals(Object other) {
            throw broken("equals");
        }

        @Override
        public int hashCode() {
            throw broken("hashCode");
        }
    }

    private static class BrokenCompletion extends CompletionException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            throw broken("getCause");
        }
    }

    private static class BrokenExecution extends ExecutionException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            throw broken("getCause");
        }
    }

    private static class BrokenInterruption extends InterruptedException {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw broken("getMessage");
        }

        @Override
        public boolean equals(Object other) {
            throw broken("equals");
        }

        @Override
        public int hashCode() {
            throw broken("hashCode");
        }
    }

    private static class BrokenError extends AssertionError {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw broken("toString");
        }

        @Override
        public boolean equals(Object other) {
            throw broken("equals");
        }

        @Override
        public int hashCode() {
            throw broken("hashCode");
        }
    }
}
