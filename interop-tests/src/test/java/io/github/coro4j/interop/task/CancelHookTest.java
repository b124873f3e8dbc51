package io.github.coro4j.interop.task;

import static io.github.coro4j.spi.BuildInfo.seeError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R5, R31: {@code Task.onCancel}. */
@SuppressWarnings("try") // the hooks are only closed
class CancelHookTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Trail trail = new Trail();

    // The work is deaf to interrupts, like the read of a socket.
    @Test
    @Rule(5)
    void hook_stopsWorkThatNoInterruptReaches() {
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                try (Registration hook = Task.onCancel(work::open)) {
                                    work.passUninterruptibly();
                                }
                            });
            work.awaitReached();
            assertTrue(query.cancelAndJoin("the user has left").isCancelled());
        }
    }

    @Test
    @Rule(5)
    void cancelWithoutInterrupt_runsTheHook_onAThreadOfTheEngine() {
        Promise<String> thread = Promise.create();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task.onCancel(
                                        () -> {
                                            thread.complete(Thread.currentThread().getName());
                                            work.open();
                                        });
                                work.passUninterruptibly();
                            });
            work.awaitReached();
            query.cancel(false);
            query.joinOutcome();
            assertTrue(thread.join().startsWith("coro4j-"), thread.join());
        }
    }

    @Test
    @Rule(5)
    void hookAddedAfterTheCancel_runsAtOnce() {
        Gate hookHasRun = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                try {
                                    work.pass();
                                } finally {
                                    Task.onCancel(hookHasRun::open);
                                    hookHasRun.passUninterruptibly();
                                }
                            });
            work.awaitReached();
            assertTrue(query.cancelAndJoin("stop").isCancelled());
        }
    }

    @Test
    @Rule(5)
    void hooks_runOnce_whateverTheNumberOfCancels() {
        AtomicInteger runs = new AtomicInteger();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Task.onCancel(runs::incrementAndGet);
                                Task.onCancel(runs::incrementAndGet);
                                work.passUninterruptibly();
                            });
            work.awaitReached();
            query.cancel(false);
            query.cancel();
            query.cancel();
            work.open();
            query.joinOutcome();
            assertEquals(2, runs.get());
        }
    }

    @Test
    @Rule(5)
    void removedHook_neverRuns_norDoesOneOfABodyThatHasReturned() {
        AtomicBoolean hasRun = new AtomicBoolean();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                Registration removed = Task.onCancel(() -> hasRun.set(true));
                                assertTrue(removed.remove());
                                assertFalse(removed.remove());
                                try (Registration closed = Task.onCancel(() -> hasRun.set(true))) {
                                    trail.add("closed");
                                }
                                work.pass();
                            });
            work.awaitReached();
            query.cancelAndJoin("stop");
            Task<?> done = scope.launch("done", () -> Task.onCancel(() -> hasRun.set(true)));
            done.join();
            assertFalse(done.cancel());
        }
        assertFalse(hasRun.get());
        trail.assertSteps("closed");
    }

    // A hook that is late must not stop what the resource does next.
    @Test
    @Rule(5)
    void close_waitsForTheRunningHook() {
        Gate hook = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> query =
                    scope.launch(
                            "query",
                            () -> {
                                try (Registration stop =
                                        Task.onCancel(
                                                () -> {
                                                    work.open();
                                                    hook.pass();
                                                    trail.add("hook has returned");
                                                })) {
                                    work.passUninterruptibly();
                                }
                                trail.add("closed");
                            });
            work.awaitReached();
            query.cancel(false);
            hook.awaitReached();
            hook.open();
            query.joinOutcome();
        }
        trail.assertSteps("hook has returned", "closed");
    }

    @Test
    @Rule(5)
    void hooksOfAGroupsChild_OfAFunction_andOfARun() {
        CountDownLatch hooks = new CountDownLatch(3);
        CountDownLatch begun = new CountDownLatch(3);
        try (TaskScope scope = leaks.open("app")) {
            io.github.coro4j.ThrowingFunction<Integer, Integer> body =
                    item -> {
                        Task.onCancel(hooks::countDown);
                        begun.countDown();
                        work.pass();
                        return item;
                    };
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                scope.gather(List.of(1), body).all();
                                scope.start(() -> 2).map(body);
                                TaskScope.run("run", inner -> body.apply(3));
                            });
            begun.await();
            assertTrue(page.cancelAndJoin("stop").isCancelled());
            hooks.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Rule(3)
    void badInput() {
        assertEquals(
                "hook must not be null: no cancel hook was added",
                assertThrows(NullPointerException.class, () -> Task.onCancel(null)).getMessage());
        assertEquals(
                "no body runs on thread "
                        + Thread.currentThread().getName()
                        + ", so no cancel hook was added; call Task.onCancel in the body that the cancel must"
                        + " stop. "
                        + seeError("no-current-body"),
                assertThrows(IllegalStateException.class, () -> Task.onCancel(() -> {}))
                        .getMessage());
        CompletableFuture<Throwable> inCallback = new CompletableFuture<>();
        try (TaskScope scope = leaks.open("app")) {
            scope.start(() -> 1)
                    .addDoneCallback(
                            done -> {
                                try {
                                    Task.onCancel(() -> {});
                                    inCallback.complete(null);
                                } catch (IllegalStateException e) {
                                    inCallback.complete(e);
                                }
                            });
            assertTrue(inCallback.join() instanceof IllegalStateException);
        }
    }
}
