package io.github.coro4j.interop.testing;

import io.github.coro4j.Outcome;
import java.io.IOException;

/** The three ends of a future, and how a test causes each. */
public enum End {
    SUCCESS(Outcome.Success.class) {
        @Override
        public void bring(ControlledFuture subject) {
            subject.succeed("value");
        }
    },
    FAILURE(Outcome.Failure.class) {
        @Override
        public void bring(ControlledFuture subject) {
            subject.fail(new IOException("broken"));
        }
    },
    CANCELLED(Outcome.Cancelled.class) {
        @Override
        public void bring(ControlledFuture subject) {
            subject.future().cancel("enough");
        }
    };

    private final Class<?> outcome;

    End(Class<?> outcome) {
        this.outcome = outcome;
    }

    public abstract void bring(ControlledFuture subject);

    public Class<?> outcome() {
        return outcome;
    }
}
