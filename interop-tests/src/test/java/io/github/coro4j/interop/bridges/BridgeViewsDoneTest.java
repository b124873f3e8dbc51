package io.github.coro4j.interop.bridges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.bridges.GuavaFutures;
import io.github.coro4j.bridges.ReactorMonos;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A view is done when its future is, also for the thread that is the callback executor's only one. */
@Tag("optional")
@Timeout(60)
class BridgeViewsDoneTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(25)
    void theCallbackThreadMayWaitForAView() throws Exception {
        ExecutorService callbacks = Executors.newSingleThreadExecutor();
        Gate listening = new Gate();
        Trail trail = new Trail();
        try (TaskScope scope =
                leaks.opened(TaskScope.builder().callbackExecutor(callbacks).open())) {
            Promise<String> promise = scope.<Promise<String>>start(Promise::create).join();
            ListenableFuture<String> view = GuavaFutures.toListenableFuture(promise);
            view.addListener(() -> trail.add("listener"), Runnable::run);
            var waiting =
                    callbacks.submit(
                            () -> {
                                listening.pass();
                                trail.add(view.get());
                                trail.add(ReactorMonos.toMono(promise).block());
                                return view.isDone();
                            });
            listening.awaitReached();
            listening.open();
            promise.complete("value");
            assertTrue(waiting.get());
            trail.await("listener");
            assertEquals(3, trail.steps().size());
            assertEquals("listener", trail.steps().get(2));
        } finally {
            callbacks.shutdown();
        }
    }
}
