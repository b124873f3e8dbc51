package io.github.coro4j;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A limit that any number of gathers and single bodies share: the bulkhead of a backend. At most {@link #capacity()} of
 * their bodies run at once, in all scopes together.
 *
 * <pre>{@code
 * ConcurrencyLimit backend = ConcurrencyLimit.of("backend", 20);
 * Future<List<String>> pages = scope.gather(urls, url -> fetch(url)).concurrency(backend).all();
 * Task<String> health = backend.start(scope, "health", () -> fetch("/health"));
 * }</pre>
 *
 * <p>Each body holds a <em>permit</em>. The permit is returned when the body has really ended, its {@code finally} blocks
 * included. A child of {@link TaskScope#gatherAsync} holds its permit until its future has ended.
 *
 * <p>Permits are given out first come, first served. A gather waits in the queue like one body: it gets one permit, and
 * queues again behind the others for the next one. So a large gather does not keep out a small one. A gather or body
 * that is cancelled leaves the queue. Waiting for a permit holds no thread.
 *
 * <p>A body that holds a permit should not wait for a body that needs another permit of the same limit. If the limit has
 * one permit, such a wait throws a {@link DeadlockException}; with more permits, it may never end.
 *
 * <p>A limit belongs to no scope and need not be closed. Any thread may call any method.
 */
public interface ConcurrencyLimit {

    /**
     * Creates a limit with a generated name, such as {@code limit-3}; otherwise like {@link #of(String, int)}.
     *
     * @param capacity how many bodies may run at once
     * @return the limit
     * @throws IllegalArgumentException if {@code capacity} is zero or negative
     */
    static ConcurrencyLimit of(int capacity) {
        return EngineLookup.engine().concurrencyLimit(null, checked(capacity));
    }

    /**
     * Creates a limit. Dumps and meters show its name.
     *
     * @param name what the limit protects, such as {@code backend}
     * @param capacity how many bodies may run at once
     * @return the limit
     * @throws IllegalArgumentException if {@code name} is blank, or {@code capacity} is zero or negative
     */
    static ConcurrencyLimit of(String name, int capacity) {
        Arguments.notBlank(name, "name", "leave it out, and the limit gets a name");
        return EngineLookup.engine().concurrencyLimit(name, checked(capacity));
    }

    private static int checked(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "capacity must be at least 1, but is "
                            + capacity
                            + ": no limit was created; with no permit nothing would ever run");
        }
        return capacity;
    }

    /**
     * Starts a task whose body waits for a permit first; otherwise like {@link TaskScope#start(Callable)}.
     *
     * @param <T> the type of the result
     * @param scope the scope of the task
     * @param body what to run, on the scope's executor
     * @return the started task
     * @throws IllegalStateException if the scope is closed; the body does not run
     */
    <T extends @Nullable Object> Task<T> start(TaskScope scope, Callable<? extends T> body);

    /**
     * Starts a task with the given name, whose body waits for a permit first; otherwise like
     * {@link TaskScope#start(String, Callable)}.
     *
     * @param <T> the type of the result
     * @param scope the scope of the task
     * @param name the name of the task, for messages, reports and dumps
     * @param body what to run, on the scope's executor
     * @return the started task
     * @throws IllegalArgumentException if {@code name} is blank
     * @throws IllegalStateException if the scope is closed; the body does not run
     */
    <T extends @Nullable Object> Task<T> start(
            TaskScope scope, String name, Callable<? extends T> body);

    /**
     * Returns the name of this limit.
     *
     * @return the name, never blank
     */
    String name();

    /**
     * Returns how many bodies may run at once.
     *
     * @return at least 1
     */
    int capacity();

    /**
     * Returns how many permits are in use now.
     *
     * @return from 0 to {@link #capacity()}
     */
    int inUse();

    /**
     * Returns how many gathers and single bodies wait for a permit now. A gather counts once, however many items it has.
     *
     * @return 0 or more
     */
    int queued();
}
