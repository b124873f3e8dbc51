package io.github.coro4j.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** Where the bodies run: in one benchmark the very same pool for every contestant. */
public enum Pool {
    /** First in, first out: the set-up of a pool whose tasks are not joined on its own threads. */
    FORK_JOIN {
        @Override
        ExecutorService open() {
            return new ForkJoinPool(
                    PARALLELISM, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
        }
    },

    /** A virtual thread for each body; only on JDK 21 and later. */
    VIRTUAL {
        @Override
        ExecutorService open() {
            // By reflection: these classes are for Java 17, which has no such method.
            try {
                return (ExecutorService)
                        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(
                        "pool VIRTUAL needs JDK 21 or later; run with -p pool=FORK_JOIN", e);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        }
    };

    /** Fixed, so that tables from two machines can be compared. */
    private static final int PARALLELISM = 2;

    abstract ExecutorService open();
}
