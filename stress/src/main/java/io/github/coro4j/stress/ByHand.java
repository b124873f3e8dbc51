package io.github.coro4j.stress;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.concurrent.Callable;

/** A task whose body runs when, and where, an actor says so: its executor only keeps it. */
final class ByHand<T> {
    private static final ThreadLocal<Runnable> KEPT = new ThreadLocal<>();

    /** For the life of the process: a scope for each of some million states would be most of the work. */
    private static final TaskScope SCOPE =
            TaskScope.builder().name("stress").executor(KEPT::set).open();

    final Task<T> task;
    private final Runnable body;

    ByHand(Callable<T> body) {
        task = SCOPE.start(body);
        this.body = KEPT.get();
        KEPT.remove();
    }

    void run() {
        body.run();
    }
}
