package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R10: each callback runs once, with its own future, which is done. */
class CallbacksTest {
    // One object, so that its callbacks have one order.
    static final Executor DIRECT = Runnable::run;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(10)
    void callback_runsOnceWithItsOwnFutureForEveryEnd(FutureKind kind) {
        for (End end : End.values()) {
            Trail trail = new Trail();
            try (TaskScope scope = leaks.open("callbacks")) {
                ControlledFuture subject = kind.in(scope);
                Future<Object> future = subject.future();
                future.addDoneCallback(trace(trail, "early", future));
                future.addDoneCallback(trace(trail, "early, direct", future), DIRECT);

                end.bring(subject);
                future.joinOutcome();

                future.addDoneCallback(trace(trail, "late", future));
                future.addDoneCallback(trace(trail, "late, direct", future), DIRECT);
                trail.await("late, direct: very future true, done true");
            } // the close waits for callbacks on the scope's executor
            assertEquals(
                    List.of(
                            "early, direct: very future true, done true",
                            "early: very future true, done true",
                            "late, direct: very future true, done true",
                            "late: very future true, done true"),
                    trail.steps().stream().sorted().toList(),
                    end.toString());
        }
    }

    @Test
    @Rule(14)
    void theSameCallbackAddedTwiceRunsTwice() throws Exception {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("callbacks")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Consumer<Future<String>> callback = each -> trail.add("ran");
            promise.addDoneCallback(callback);
            promise.addDoneCallback(callback);
            promise.addDoneCallback(callback, DIRECT);
            promise.complete("value");
            ControlledFuture.awaitDone(promise);
            promise.addDoneCallback(each -> trail.add("last, direct"), DIRECT);
            trail.await("last, direct");
        }
        assertEquals(
                List.of("ran", "ran", "ran"),
                trail.steps().stream().filter("ran"::equals).toList());
    }

    @Test
    @Rule({2, 10})
    void callback_runsAfterTheFinallyBlocksOfTheBody() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("callbacks")) {
            Gate work = new Gate();
            Gate cleanUp = new Gate();
            Task<Void> task =
                    scope.launch(
                            "cleaner",
                            new SlowCleanUp(work, cleanUp).then(() -> trail.add("cleaned up")));
            task.addDoneCallback(each -> trail.add("cancelled: " + each.isCancelled()));
            work.awaitReached();
            task.cancel("enough");
            cleanUp.awaitReached();
            cleanUp.open();
        }
        trail.assertSteps("cleaned up", "cancelled: true");
    }

    @Test
    @Rule({6, 10})
    void cancelBeforeTheStart_runsTheCallbacks() {
        Trail trail = new Trail();
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(TaskScope.builder().name("full").executor(only).open())) {
            Gate gate = new Gate();
            scope.launch("blocker", gate::pass);
            gate.awaitReached();
            Task<Void> queued = scope.launch("queued", () -> trail.add("never"));
            queued.addDoneCallback(each -> trail.add("cancelled: " + each.isCancelled()));
            queued.cancel("not needed");

            trail.await("cancelled: true"); // while the only thread is still busy
            gate.open();
        }
        trail.assertSteps("cancelled: true");
    }

    @Test
    @Rule(11)
    void callbacks_runOnTheExecutorOfTheScopeOrOfTheCaller() {
        try (OneThreadExecutor ofTheScope = new OneThreadExecutor("of the scope");
                OneThreadExecutor given = new OneThreadExecutor("given");
                TaskScope scope =
                        leaks.opened(
                                TaskScope.builder()
                                        .name("callbacks")
                                        .callbackExecutor(ofTheScope)
                                        .open())) {
            for (FutureKind kind : FutureKind.values()) {
                ControlledFuture subject = kind.in(scope);
                BlockingQueue<Thread> first = new LinkedBlockingQueue<>();
                BlockingQueue<Thread> second = new LinkedBlockingQueue<>();
                subject.future().addDoneCallback(each -> first.add(Thread.currentThread()));
                subject.future().addDoneCallback(each -> second.add(Thread.currentThread()), given);

                subject.succeed("value");

                assertSame(ofTheScope.thread(), take(first), kind.toString());
                assertSame(given.thread(), take(second), kind.toString());
            }
        }
    }

    @Test
    void callback_hasNoCurrentTask() throws Exception {
        try (OneThreadExecutor only = new OneThreadExecutor("only");
                TaskScope scope =
                        leaks.opened(
                                TaskScope.builder()
                                        .name("callbacks")
                                        .executor(only)
                                        .callbackExecutor(only)
                                        .open())) {
            AtomicReference<Object> current = new AtomicReference<>("not run");
            Task<String> task = scope.start(() -> "value");
            task.addDoneCallback(each -> current.set(Task.current()));
            ControlledFuture.awaitDone(task);
            assertNull(current.get());
        }
    }

    @Test
    void aCallbackMayStartWork() {
        try (TaskScope scope = leaks.open("callbacks")) {
            BlockingQueue<Task<String>> started = new LinkedBlockingQueue<>();
            scope.start(() -> "value")
                    .addDoneCallback(
                            each ->
                                    started.add(
                                            scope.start("follow-up", () -> each.result() + " 2")));
            assertEquals("value 2", take(started).join());
        }
    }

    @Test
    @Rule(12)
    void closingTheScopeWaitsForItsCallbacks() throws Exception {
        Gate gate = new Gate();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("callbacks");
        scope.start(() -> "value")
                .addDoneCallback(
                        each -> {
                            gate.passUninterruptibly();
                            trail.add("callback");
                        });
        gate.awaitReached();
        PlainThread<Object> closer =
                PlainThread.start(
                        "closer",
                        () -> {
                            scope.close();
                            trail.add("closed");
                            return null;
                        });
        closer.awaitBlocked();
        gate.open();
        closer.result();
        trail.assertSteps("callback", "closed");
    }

    private static Consumer<Future<Object>> trace(Trail trail, String name, Future<?> expected) {
        return each ->
                trail.add(name + ": very future " + (each == expected) + ", done " + each.isDone());
    }

    private static <T> T take(BlockingQueue<T> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for a callback", e);
        }
    }
}
