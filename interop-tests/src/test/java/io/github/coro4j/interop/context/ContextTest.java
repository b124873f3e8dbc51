package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Pool;
import io.github.coro4j.interop.testing.PropagationMatrix;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.ThreadValue;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.interop.testing.UserCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R27 for thread-locals that a scope propagates. */
@Rule(27)
class ContextTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final ThreadLocal<String> tenant = new ThreadLocal<>();

    @AfterEach
    void holdNothing() {
        tenant.remove();
    }

    static Stream<Arguments> matrix() {
        return PropagationMatrix.of(
                new ThreadLocalValue(), new ThreadLocalValue(new InheritableThreadLocal<>()));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void userCode_seesTheContextOfItsThread(
            ThreadValue held, UserCode work, Pool place, String context) throws Exception {
        PropagationMatrix.check(leaks, held, work, place, context);
    }

    private TaskScope open() {
        return leaks.opened(
                TaskScope.builder()
                        .contextPropagator(ContextPropagator.of(tenant))
                        .failureListener(leaks.listener())
                        .open());
    }

    private TaskScope open(Executor executor) {
        return leaks.opened(
                TaskScope.builder()
                        .contextPropagator(ContextPropagator.of(tenant))
                        .executor(executor)
                        .failureListener(leaks.listener())
                        .open());
    }

    @Test
    void threadsOfThePool_keepNothing() throws InterruptedException {
        int threads = 2 * Runtime.getRuntime().availableProcessors();
        tenant.set("acme");
        try (TaskScope scope = open()) {
            allAtOnce(scope, threads, () -> tenant.set("left behind"));
        }
        // This scope has no propagator, so a body sees the values of its thread.
        List<String> left = Collections.synchronizedList(new ArrayList<>());
        try (TaskScope plain = leaks.open("plain")) {
            allAtOnce(plain, threads, () -> left.add(tenant.get()));
        }
        assertEquals(Collections.nCopies(threads, null), left);
    }

    private static void allAtOnce(TaskScope scope, int count, Runnable action)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            scope.launch(
                    () -> {
                        action.run();
                        begun.countDown();
                        begun.await();
                    });
        }
        scope.join();
    }

    // The waiter runs the inner bodies on its own stack, because the executor has only one thread.
    @Test
    void helpedBody_seesTheContextOfItsOwnStarter() {
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        try (TaskScope scope = open(oneThread)) {
            tenant.set("acme");
            Task<List<String>> outer =
                    scope.start(
                            () -> {
                                List<String> seen = new ArrayList<>();
                                Task<String> same = Task.start(this::takeAndLeaveSomething);
                                tenant.set("beta");
                                Task<String> other = Task.start(this::takeAndLeaveSomething);
                                tenant.remove();
                                Task<String> none = Task.start(this::takeAndLeaveSomething);
                                tenant.set("outer");
                                seen.add(same.join());
                                seen.add(other.join());
                                seen.add(none.join());
                                seen.add(tenant.get());
                                return seen;
                            });
            assertEquals(Arrays.asList("acme", "beta", null, "outer"), outer.join());
        } finally {
            oneThread.shutdown();
        }
    }

    private String takeAndLeaveSomething() {
        String seen = tenant.get();
        tenant.set("left behind");
        return seen;
    }

    @Test
    void bodyOnTheStackOfItsStarter_changesNoValueOfTheStarter() {
        try (TaskScope scope = open(Runnable::run)) {
            tenant.set("acme");
            assertEquals("acme", scope.start(this::takeAndLeaveSomething).join());
            assertEquals("acme", tenant.get());
            assertEquals(
                    List.of("acme", "acme"),
                    scope.gather(List.of(1, 2), item -> takeAndLeaveSomething()).all().join());
            assertEquals("acme", tenant.get());
            tenant.remove();
            assertEquals(null, scope.start(this::takeAndLeaveSomething).join());
            assertEquals(null, tenant.get());
        }
    }

    @Test
    void mainBodyOfARun_seesAndChangesTheContextOfItsThread() {
        tenant.set("acme");
        try (TaskScope scope = open()) {
            List<String> seen =
                    scope.start(
                                    () ->
                                            TaskScope.run(
                                                    "main",
                                                    inner -> {
                                                        String before = tenant.get();
                                                        tenant.set("beta");
                                                        return List.of(
                                                                before,
                                                                inner.start(tenant::get).join());
                                                    }))
                            .join();
            assertEquals(List.of("acme", "beta"), seen);
        }
    }

    @Test
    void callbackWithContext_canBeRemoved() {
        Trail trail = new Trail();
        Consumer<Object> twice = done -> trail.add("twice");
        try (TaskScope scope = open()) {
            tenant.set("acme");
            Promise<String> promise = scope.start(() -> Promise.<String>create()).join();
            promise.addDoneCallback(twice);
            Registration once = promise.addDoneCallback(done -> trail.add("once"));
            promise.addDoneCallback(twice, Runnable::run);
            promise.addDoneCallback(done -> trail.add("stays " + tenant.get()));
            assertEquals(2, promise.removeDoneCallback(twice));
            assertEquals(0, promise.removeDoneCallback(twice));
            assertTrue(once.remove());
            assertFalse(once.remove());
            promise.complete("value");
        }
        trail.assertSteps("stays acme");
    }

    @Test
    void threadLocalWithAnInitialValue_keepsIt() throws Exception {
        Object initial = new Object();
        ThreadLocal<Object> local = ThreadLocal.withInitial(() -> initial);
        ExecutorService oneThread = Executors.newSingleThreadExecutor();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(local))
                                .executor(oneThread)
                                .open());
        try (scope) {
            Object mine = new Object();
            local.set(mine);
            assertSame(mine, scope.start(local::get).join());
            assertSame(initial, oneThread.submit(local::get).get());
            local.set(null);
            assertEquals(null, scope.start(local::get).join());
            assertSame(initial, oneThread.submit(local::get).get());
            oneThread.submit(() -> local.set(null)).get();
            local.set(mine);
            assertSame(mine, scope.start(local::get).join());
            assertEquals(null, oneThread.submit(local::get).get());
        } finally {
            oneThread.shutdown();
        }
    }
}
