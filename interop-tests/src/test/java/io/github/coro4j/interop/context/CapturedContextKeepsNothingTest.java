package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.DroppedObjects;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine drops a captured context once the user code for which it was captured cannot run any more. */
@Rule(27)
class CapturedContextKeepsNothingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ThreadLocal<Object> local = new ThreadLocal<>();

    /** The uses of a captured context. The test keeps the future or the registration after the user code has run. */
    private enum Use {
        BODY {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> task = scope.start(() -> "value");
                task.join();
                return task;
            }
        },
        CALLBACK {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Registration kept = promise.addDoneCallback(done -> {});
                promise.complete("value");
                scope.join();
                return kept;
            }
        },
        REMOVED_CALLBACK {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Registration kept = promise.addDoneCallback(done -> {});
                kept.remove();
                return kept;
            }
        },
        MAP {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> mapped = promise.map(value -> value);
                promise.complete("value");
                mapped.join();
                return mapped;
            }
        },
        MAP_WITHOUT_A_CALL {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> mapped = promise.map(value -> value);
                promise.cancel("not needed");
                mapped.joinOutcome();
                return mapped;
            }
        },
        RECOVER {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> recovered = promise.recover(failure -> "value");
                promise.fail(new IOException("read"));
                recovered.join();
                return recovered;
            }
        },
        GROUP {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<List<Integer>> all = scope.gather(List.of(1, 2), item -> item).all();
                all.join();
                scope.join();
                return all;
            }
        },
        GROUP_OF_FUTURES {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<Future<List<String>>> group =
                        scope.start(() -> Gather.of(promise).onProgress(progress -> {}).all());
                promise.complete("value");
                group.join().join();
                return group;
            }
        },
        READ_FAILURE {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> task = scope.start(Use::fail);
                task.joinOutcome();
                return task;
            }
        },
        READ_FAILURE_OF_A_SUSPEND_BODY {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> task = Suspend.call(scope, c -> fail());
                task.joinOutcome();
                return task;
            }
        },
        READ_FAILURE_OF_A_GROUP {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<List<String>> all = scope.gather(List.of(1, 2), item -> fail()).failFast();
                all.joinOutcome();
                scope.join();
                return all;
            }
        },
        FAILURE_PASSED_ON {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<String> task = scope.start(Use::fail);
                Future<String> derived = task.orTimeout(Duration.ofDays(1)).shield();
                derived.joinOutcome();
                return List.of(task, derived);
            }
        },
        REPORTED_FAILURE {
            @Override
            Object start(TaskScope scope, Promise<String> promise) {
                Future<Void> task = scope.launch(Use::fail);
                scope.join();
                return task;
            }
        };

        private static String fail() throws IOException {
            throw new IOException("boom");
        }

        abstract Object start(TaskScope scope, Promise<String> promise);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void capturedContext_isCollectedAfterItsUse(Use use) {
        DroppedObjects dropped = new DroppedObjects();
        List<Object> kept = new ArrayList<>();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(local))
                                .failureListener(report -> {})
                                .open());
        try (scope) {
            Promise<String> promise = scope.start(() -> Promise.<String>create()).join();
            kept.add(promise);
            kept.add(startHolding(dropped, use, scope, promise));
            dropped.awaitCollected();
        }
        assertEquals(2, kept.size());
    }

    private Object startHolding(
            DroppedObjects dropped, Use use, TaskScope scope, Promise<String> promise) {
        local.set(dropped.object("what was captured"));
        try {
            return use.start(scope, promise);
        } finally {
            local.remove();
        }
    }

    // The control of the test above: as long as a report may come, it needs the context.
    @Test
    void capturedContextOfAnUnreadFailure_isHeldUntilTheReport() throws InterruptedException {
        DroppedObjects dropped = new DroppedObjects();
        List<Object> reported = new ArrayList<>();
        Future<String> failed;
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(local))
                                .failureListener(report -> reported.add(local.get() != null))
                                .open());
        try (scope) {
            failed = failHolding(dropped, scope);
            assertEquals(List.of("what was captured"), dropped.leftAfterCollecting());
        }
        assertEquals(List.of(true), reported);
        dropped.awaitCollected();
        assertTrue(failed.isDone());
    }

    private Future<String> failHolding(DroppedObjects dropped, TaskScope scope)
            throws InterruptedException {
        local.set(dropped.object("what was captured"));
        Future<String> failed = scope.start(Use::fail);
        local.remove();
        ControlledFuture.awaitDone(failed);
        return failed;
    }

    @Test
    void capturedContextOfACancelledTask_isCollectedBeforeTheExecutorRunsIt() {
        DroppedObjects dropped = new DroppedObjects();
        Gate gate = new Gate();
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(local))
                                .executor(oneThread)
                                .open());
        try (scope) {
            scope.launch(gate::pass);
            gate.awaitReached();
            Future<?> waiting = launchHolding(dropped, scope);
            waiting.cancel("not needed");
            dropped.awaitCollected();
            gate.open();
            scope.join();
        } finally {
            oneThread.shutdown();
        }
    }

    private Future<?> launchHolding(DroppedObjects dropped, TaskScope scope) {
        local.set(dropped.object("what was captured"));
        try {
            return scope.launch(() -> {});
        } finally {
            local.remove();
        }
    }
}
