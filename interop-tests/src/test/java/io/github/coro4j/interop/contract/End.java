package io.github.coro4j.interop.contract;

import io.github.coro4j.Outcome;
import java.io.IOException;

/** The three ends of a future, each brought about by a hand on it. */
enum End {
    SUCCESS(Outcome.Success.class) {
        @Override
        void bring(Hand hand) {
            hand.succeed("value");
        }
    },
    FAILURE(Outcome.Failure.class) {
        @Override
        void bring(Hand hand) {
            hand.fail(new IOException("broken"));
        }
    },
    CANCELLED(Outcome.Cancelled.class) {
        @Override
        void bring(Hand hand) {
            hand.future().cancel("enough");
        }
    };

    private final Class<?> outcome;

    End(Class<?> outcome) {
        this.outcome = outcome;
    }

    abstract void bring(Hand hand);

    Class<?> outcome() {
        return outcome;
    }
}
