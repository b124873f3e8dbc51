package io.github.coro4j.interop.testing;

import io.github.coro4j.TaskScope;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** Where bodies and callbacks run. */
public enum Pool {
    /** The engine's own pool: one that grows, or virtual threads. */
    ENGINE {
        @Override
        public ExecutorService open() {
            return null;
        }
    },
    /** Here what a body leaves behind is found by the next. */
    ONE_THREAD {
        @Override
        public ExecutorService open() {
            return Executors.newSingleThreadExecutor();
        }
    },
    /** On JDK 25 too, a worker group runs the children of a gather here. */
    FORK_JOIN {
        @Override
        public ExecutorService open() {
            return new ForkJoinPool(2);
        }
    };

    /** To be shut down; null for that of the engine. */
    public abstract ExecutorService open();

    public static TaskScope.Builder on(ExecutorService executor, TaskScope.Builder builder) {
        return executor == null ? builder : builder.executor(executor).callbackExecutor(executor);
    }
}
