package io.github.coro4j.interop.future;

import static io.github.coro4j.interop.future.CallbacksTest.DIRECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R11: a callback never runs on the stack of user code that ends the future or adds the callback. */
class CallbackStackTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(11)
    void completingNeverRunsACallbackOnTheCompletersStack() {
        try (TaskScope scope = leaks.open("callbacks")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            ReentrantLock lock = new ReentrantLock();
            Trail trail = new Trail();
            BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
            Consumer<Future<String>> needsTheLock =
                    each -> {
                        threads.add(Thread.currentThread());
                        lock.lock();
                        trail.add("held before: " + (lock.getHoldCount() > 1));
                        lock.unlock();
                    };
            promise.addDoneCallback(needsTheLock);
            promise.addDoneCallback(needsTheLock, DIRECT);
            promise.addDoneCallback(each -> trail.add("last"));

            lock.lock();
            assertTrue(promise.complete("value"));
            trail.add("completed");
            lock.unlock();

            trail.await("last");
            promise.addDoneCallback(each -> trail.add("last, direct"), DIRECT);
            trail.await("last, direct");
            assertEquals(
                    List.of("completed", "held before: false", "held before: false"),
                    trail.steps().stream().filter(step -> !step.startsWith("last")).toList());
            assertNotSame(Thread.currentThread(), threads.poll());
            assertNotSame(Thread.currentThread(), threads.poll());
        }
    }

    @Test
    @Rule(11)
    void addingNeverRunsACallbackOnTheAddersStack() {
        try (TaskScope scope = leaks.open("callbacks")) {
            Task<String> done = scope.start(() -> "value");
            done.join();
            ReentrantLock lock = new ReentrantLock();
            Trail trail = new Trail();
            AtomicReference<Thread> thread = new AtomicReference<>();

            lock.lock();
            done.addDoneCallback(
                    each -> {
                        thread.set(Thread.currentThread());
                        lock.lock();
                        trail.add("held before: " + (lock.getHoldCount() > 1));
                        lock.unlock();
                    },
                    DIRECT);
            trail.add("added");
            lock.unlock();

            trail.await("held before: false");
            trail.assertSteps("added", "held before: false");
            assertNotSame(Thread.currentThread(), thread.get());
        }
    }

    @Test
    @Rule(11)
    void cancellingNeverRunsACallbackOnTheCancellersStack() {
        try (TaskScope scope = leaks.open("callbacks")) {
            for (FutureKind kind : FutureKind.values()) {
                ControlledFuture subject = kind.in(scope);
                AtomicReference<Thread> thread = new AtomicReference<>();
                Trail trail = new Trail();
                subject.future()
                        .addDoneCallback(
                                each -> {
                                    thread.set(Thread.currentThread());
                                    trail.add("ran");
                                },
                                DIRECT);
                subject.future().cancel("enough");
                trail.await("ran");
                assertNotSame(Thread.currentThread(), thread.get(), kind.toString());
                subject.succeed("value"); // ends the source, which a shield does not cancel
            }
        }
    }

    @Test
    @Rule(11)
    void aBodyThatCompletesAPromiseDoesNotRunItsCallbacks() {
        try (TaskScope scope = leaks.open("callbacks")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Trail trail = new Trail();
            promise.addDoneCallback(each -> trail.add("ran"), DIRECT);
            Task<Thread> completer =
                    scope.start(
                            "completer",
                            () -> {
                                synchronized (
                                        trail) { // the lock of the trail makes the callback wait
                                    promise.complete("value");
                                    trail.add("completed");
                                }
                                trail.await("ran");
                                return Thread.currentThread();
                            });
            completer.join();
            trail.assertSteps("completed", "ran");
        }
    }

    @Test
    @Rule(11)
    void aLongChainOfCallbacksDoesNotGrowTheStack() {
        try (TaskScope scope = leaks.open("callbacks")) {
            int length = 20_000;
            Promise<Integer> first = FutureKind.promiseIn(scope);
            Promise<Integer> last = first;
            for (int i = 0; i < length; i++) {
                Promise<Integer> next = Promise.create();
                last.addDoneCallback(each -> next.complete(each.result() + 1), DIRECT);
                last = next;
            }
            first.complete(0);
            assertEquals(length, last.join());
        }
    }
}
