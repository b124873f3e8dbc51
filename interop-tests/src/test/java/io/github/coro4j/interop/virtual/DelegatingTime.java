package io.github.coro4j.interop.virtual;

import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.TimeSource;
import io.github.coro4j.test.TestScope;
import java.time.Duration;

/** A time source of the user: a timer is a task that sleeps in a test scope. */
final class DelegatingTime implements TimeSource {
    private final TestScope scope;

    DelegatingTime(TestScope scope) {
        this.scope = scope;
    }

    @Override
    public long nanoTime() {
        return scope.currentTime().toNanos();
    }

    @Override
    public Registration schedule(Duration delay, Runnable action) {
        TaskScope within = scope.viewed();
        var timer =
                within.start(
                        "timer",
                        () -> {
                            io.github.coro4j.Task.sleep(delay).join();
                            action.run();
                            return null;
                        });
        return new Registration() {
            @Override
            public boolean remove() {
                return timer.cancel();
            }

            @Override
            public void close() {
                remove();
            }
        };
    }
}
