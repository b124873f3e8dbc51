package io.github.coro4j.interop.context;

import io.github.coro4j.TaskScope;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** Where bodies and callbacks run. */
public enum Place {
    /** The engine's own pool: one that grows, or virtual threads. */
    ENGINE {
        @Override
        ExecutorService open() {
            return null;
        }
    },
    /** Here what a body leaves behind is found by the next. */
    ONE_THREAD {
        @Override
        ExecutorService open() {
            return Executors.newSingleThreadExecutor();
        }
    },
    /** Here a group's children are run by a crew, on JDK 25 too. */
    FORK_JOIN {
        @Override
        ExecutorService open() {
            return new ForkJoinPool(2);
        }
    };

    /** To be shut down; null for that of the engine. */
    abstract ExecutorService open();

    static TaskScope.Builder on(ExecutorService executor, TaskScope.Builder builder) {
        return executor == null ? builder : builder.executor(executor).callbackExecutor(executor);
    }
}
