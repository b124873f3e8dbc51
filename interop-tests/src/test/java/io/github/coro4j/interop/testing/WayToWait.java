package io.github.coro4j.interop.testing;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The methods that block the calling thread until a future is done. */
public enum WayToWait {
    GET {
        @Override
        public Object on(Future<?> future) throws Exception {
            return future.get();
        }
    },
    TIMED_GET {
        @Override
        public Object on(Future<?> future) throws Exception {
            return future.get(1, TimeUnit.DAYS);
        }
    },
    JOIN {
        @Override
        public Object on(Future<?> future) {
            return future.join();
        }
    },
    TIMED_JOIN {
        @Override
        public Object on(Future<?> future) throws Exception {
            return future.join(Duration.ofDays(1));
        }
    },
    JOIN_OUTCOME {
        @Override
        public Object on(Future<?> future) {
            return endOf(future.joinOutcome());
        }
    },
    CANCEL_AND_JOIN {
        @Override
        public Object on(Future<?> future) {
            return endOf(future.cancelAndJoin("no longer needed"));
        }
    };

    /** Waits for the future and returns its value. */
    public abstract Object on(Future<?> future) throws Exception;

    /** Returns whether the JDK declares the method, so that it throws InterruptedException, not WaitInterruptedException. */
    public boolean isOfTheJdk() {
        return this == GET || this == TIMED_GET;
    }

    private static Object endOf(Outcome<?> outcome) {
        return ((Outcome.Success<?>) outcome).value();
    }
}
