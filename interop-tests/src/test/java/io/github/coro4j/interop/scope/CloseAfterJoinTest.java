package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thread joins a future that another thread ends, and closes the scope at once. */
@Timeout(120)
@Rule(23)
class CloseAfterJoinTest {
    private static final int ROUNDS = 2_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    enum Ending {
        PROMISE,
        STAGE,
        SHIELD
    }

    @ParameterizedTest
    @EnumSource
    void close_waitsForTheCallback(Ending ending) {
        ExecutorService other = Executors.newSingleThreadExecutor();
        for (int round = 0; round < ROUNDS; round++) {
            AtomicBoolean called = new AtomicBoolean();
            try (TaskScope scope = leaks.open("round")) {
                CompletableFuture<String> stage = new CompletableFuture<>();
                Promise<String> promise = scope.start(() -> Promise.<String>create()).join();
                Future<String> future =
                        switch (ending) {
                            case PROMISE -> promise;
                            case STAGE -> scope.start(() -> Future.from(stage)).join();
                            case SHIELD -> scope.start(promise::shield).join();
                        };
                // Half of the rounds add the callback while the other thread ends the future.
                boolean isLate = round % 2 == 0;
                if (!isLate) future.addDoneCallback(done -> called.set(true));
                other.execute(
                        () -> {
                            promise.complete("value");
                            stage.complete("value");
                        });
                if (isLate) future.addDoneCallback(done -> called.set(true));
                while (!future.isDone()) Thread.onSpinWait();
            }
            assertTrue(called.get(), "round " + round);
        }
        other.shutdown();
    }
}
