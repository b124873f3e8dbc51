package io.github.coro4j.interop.task;

import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Opens scopes whose bodies run on a user's executor with a single thread. */
abstract class OnOneThread {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

    @AfterEach
    void endTheThread() {
        oneThread.shutdown();
    }

    final TaskScope open() {
        return leaks.open("one thread", oneThread);
    }
}
