package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.ThreadBoundExecutor;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thread of a user interface, and an executor that knows it. */
abstract class BoundThreadSetting {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    final OneThreadExecutor thread = new OneThreadExecutor("ui");
    final ThreadBoundExecutor ui =
            ThreadBoundExecutor.of(thread, () -> Thread.currentThread() == thread.thread());
    final Trail trail = new Trail();

    @AfterEach
    void endTheThread() {
        thread.close();
    }

    TaskScope open() {
        return leaks.opened(TaskScope.builder().name("window").callbackExecutor(ui).open());
    }

    /** Calls on the thread of the user interface, and returns what the call returns or throws. */
    <T> T onUi(Callable<T> call) throws Exception {
        FutureTask<T> made = new FutureTask<>(call);
        thread.execute(made);
        try {
            return made.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    DeadlockException refusedOnUi(Runnable wait) throws Exception {
        return onUi(() -> assertThrows(DeadlockException.class, wait::run));
    }

    void closed(TaskScope scope) {
        Promise<Void> closed = Promise.create();
        scope.closeAsync("the test is over").onSuccess(closed::complete);
        closed.join();
    }
}
