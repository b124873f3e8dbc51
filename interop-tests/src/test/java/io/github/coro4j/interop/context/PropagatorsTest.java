package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R27: when a scope calls its propagators, and in which order. */
@Rule(27)
class PropagatorsTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void bodyThatNeverBegins_installsNothing() {
        Trail trail = new Trail();
        Gate gate = new Gate();
        ContextPropagator propagator = new RecordingPropagator("tenant", trail);
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(propagator)
                                .executor(oneThread)
                                .open())) {
            Task<Void> first = scope.launch(gate::pass);
            gate.awaitReached();
            Task<Void> second = scope.launch(() -> trail.add("body"));
            assertTrue(second.cancel("not needed"));
            gate.open();
            first.join();
        } finally {
            oneThread.shutdown();
        }
        trail.assertSteps("capture tenant", "install tenant", "capture tenant", "close tenant");
    }

    @Test
    void propagators_addUpWithoutDuplicatesAndCloseInReverse() {
        Trail trail = new Trail();
        ContextPropagator a = new RecordingPropagator("a", trail);
        ContextPropagator b = new RecordingPropagator("b", trail);
        TaskScope outer =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(a)
                                .contextPropagator(b)
                                .contextPropagator(a)
                                .open());
        try (outer) {
            Promise<TaskScope> inner = Promise.create();
            outer.launch(
                            () ->
                                    inner.complete(
                                            TaskScope.builder()
                                                    .contextPropagator(b)
                                                    .contextPropagator(
                                                            new RecordingPropagator("c", trail))
                                                    .open()))
                    .join();
            trail.add("inner");
            try (TaskScope scope = inner.join()) {
                scope.launch(() -> trail.add("body")).join();
            }
        }
        trail.assertSteps(
                "capture a",
                "capture b",
                "install a",
                "install b",
                "close b",
                "close a",
                "inner",
                "capture a",
                "capture b",
                "capture c",
                "install a",
                "install b",
                "install c",
                "body",
                "close c",
                "close b",
                "close a");
    }

    @Test
    void group_capturesOnceForAllItsChildren() {
        Trail trail = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .executor(Runnable::run)
                                .callbackExecutor(Runnable::run)
                                .contextPropagator(new RecordingPropagator("tenant", trail))
                                .open());
        try (scope) {
            Future<List<Integer>> all =
                    scope.gather(List.of(1, 2), item -> item)
                            .onProgress(progress -> trail.add("progress"))
                            .all();
            all.join();
        }
        assertEquals(1, Collections.frequency(trail.steps(), "capture tenant"));
        assertEquals(4, Collections.frequency(trail.steps(), "install tenant"));
        assertEquals(4, Collections.frequency(trail.steps(), "close tenant"));
    }

    @Test
    @Rule(3)
    void nullPropagator_isRefused() {
        TaskScope.Builder builder = TaskScope.builder();
        assertEquals(
                "propagator must not be null: leave contextPropagator() out to add none of your own",
                assertThrows(NullPointerException.class, () -> builder.contextPropagator(null))
                        .getMessage());
        assertEquals(
                "local must not be null: give the thread-local to propagate",
                assertThrows(NullPointerException.class, () -> ContextPropagator.of(null))
                        .getMessage());
    }
}
