package io.github.coro4j.interop.testing;

import io.github.coro4j.TaskScope;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** The pools on which bodies and callbacks run. */
public enum Pool {
    /** The engine's own pool: a growing pool, or virtual threads. */
    ENGINE {
        @Override
        public ExecutorService open() {
            return null;
        }
    },
    /** A pool in which the next body sees the values that a body leaves on the thread. */
    ONE_THREAD {
        @Override
        public ExecutorService open() {
            return Executors.newSingleThreadExecutor();
        }
    },
    /** A pool in which a worker group runs the children of a gather, on JDK 25 too. */
    FORK_JOIN {
        @Override
        public ExecutorService open() {
            return new ForkJoinPool(2);
        }
    };

    /** Opens the pool, which the caller shuts down. Returns null for the engine's pool. */
    public abstract ExecutorService open();

    public static TaskScope.Builder on(ExecutorService executor, TaskScope.Builder builder) {
        return executor == null ? builder : builder.executor(executor).callbackExecutor(executor);
    }
}
