package io.github.coro4j.interop.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R31: what a cancel of a task leaves alone. */
class LeftAloneTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate work = new Gate();
    private final Gate inBody = new Gate();

    private String load() throws InterruptedException {
        work.pass();
        return "loaded";
    }

    /** Cancels a task with this body once the body has reached the gate, and waits for its end. */
    private void cancelled(TaskScope scope, io.github.coro4j.ThrowingRunnable body) {
        Task<?> page =
                scope.launch(
                        "page",
                        () -> {
                            body.run();
                            inBody.pass();
                        });
        inBody.awaitReached();
        assertTrue(page.cancelAndJoin("the user has left").isCancelled());
    }

    @Test
    @Rule(31)
    void workInAnotherScope() {
        AtomicReference<Task<String>> other = new AtomicReference<>();
        try (TaskScope background = leaks.open("background");
                TaskScope scope = leaks.open("app")) {
            cancelled(scope, () -> other.set(background.start("load", this::load)));
            work.open();
            assertEquals("loaded", other.get().join());
        }
    }

    @Test
    @Rule(31)
    void shieldedWork_andWhatItFollows() {
        AtomicReference<Future<String>> task = new AtomicReference<>();
        AtomicReference<Future<List<String>>> group = new AtomicReference<>();
        AtomicReference<Future<List<String>>> gather = new AtomicReference<>();
        AtomicReference<Future<String>> derived = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            cancelled(
                    scope,
                    () -> {
                        task.set(scope.start("a", this::load).shield());
                        group.set(scope.gather(List.of(1, 2), item -> load()).all().shield());
                        gather.set(
                                Gather.of(
                                                scope.start("b", this::load),
                                                scope.start("c", this::load))
                                        .all()
                                        .shield());
                        derived.set(
                                scope.start("d", this::load)
                                        .map(text -> text + "!")
                                        .orTimeout(Duration.ofDays(1))
                                        .shield());
                    });
            work.open();
            assertEquals("loaded", task.get().join());
            assertEquals(List.of("loaded", "loaded"), group.get().join());
            assertEquals(List.of("loaded", "loaded"), gather.get().join());
            assertEquals("loaded!", derived.get().join());
        }
    }

    // The shield of other code does not concern the body that has started the work.
    @Test
    @Rule(31)
    void shieldOfOtherCode_doesNotKeepTheWork() {
        AtomicReference<Task<String>> task = new AtomicReference<>();
        Gate started = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            Task<?> page =
                    scope.launch(
                            "page",
                            () -> {
                                task.set(scope.start("load", this::load));
                                started.pass();
                                inBody.pass();
                            });
            started.awaitReached();
            Future<String> shield = task.get().shield();
            started.open();
            inBody.awaitReached();
            page.cancelAndJoin("the user has left");
            assertTrue(task.get().isCancelled());
            assertTrue(shield.joinOutcome().isCancelled());
        }
    }

    @Test
    @Rule(31)
    void promise_andWhatIsDerivedFromIt() {
        Promise<String> promise = Promise.create();
        AtomicReference<Future<Integer>> derived = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            cancelled(scope, () -> derived.set(promise.map(String::length)));
            assertFalse(promise.isDone());
            assertTrue(promise.complete("given"));
        }
        assertEquals(5, derived.get().join());
    }

    // The derived future is cancelled with the task, but ends when its source does (R2).
    @Test
    @Rule(31)
    void promiseOfTheScope_staysPending_andADerivedFutureIsCancelled() {
        AtomicReference<Promise<String>> promise = new AtomicReference<>();
        AtomicReference<Future<Integer>> derived = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            cancelled(
                    scope,
                    () -> {
                        promise.set(Promise.create());
                        derived.set(promise.get().map(String::length));
                    });
            assertTrue(derived.get().isCancelling());
            assertTrue(promise.get().complete("given"));
            assertTrue(derived.get().joinOutcome().isCancelled());
        }
    }

    @Test
    @Rule(31)
    void taskOfOtherCode_behindADerivedFutureOrAGather() {
        AtomicReference<Future<?>> gather = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            Task<String> shared = scope.start("shared", this::load);
            cancelled(
                    scope,
                    () -> {
                        shared.map(String::length);
                        shared.orTimeout(Duration.ofDays(1));
                        scope.start(() -> "user").flatMap(user -> shared);
                        gather.set(Gather.of(shared).all());
                    });
            assertTrue(gather.get().joinOutcome().isCancelled());
            assertFalse(shared.isCancelling());
            work.open();
            assertEquals("loaded", shared.join());
        }
    }

    @Test
    @Rule(31)
    void workSubmittedToTheExecutorView() throws Exception {
        AtomicReference<java.util.concurrent.Future<String>> submitted = new AtomicReference<>();
        try (TaskScope scope = leaks.open("app")) {
            ExecutorService executor = scope.asExecutorService();
            cancelled(scope, () -> submitted.set(executor.submit(this::load)));
            work.open();
            assertEquals("loaded", submitted.get().get());
        }
    }

    @Test
    @Rule(31)
    void workStartedByACallback() {
        AtomicReference<Task<String>> task = new AtomicReference<>();
        Gate added = new Gate();
        try (TaskScope scope = leaks.open("app")) {
            cancelled(
                    scope,
                    () -> {
                        scope.start(() -> "user")
                                .addDoneCallback(
                                        user -> {
                                            task.set(scope.start("load", this::load));
                                            added.open();
                                        });
                        added.pass();
                    });
            work.open();
            assertEquals("loaded", task.get().join());
        }
    }
}
