package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer of a removal is exact, and the close of a registration removes the callback. */
@Rule(14)
class RemovingCallbacksTest {
    static final Executor DIRECT = Runnable::run;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void aRemovedCallbackDoesNotRun(FutureKind kind) {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("removing")) {
            ControlledFuture subject = kind.in(scope);
            Registration removed = subject.future().addDoneCallback(each -> trail.add("removed"));
            Registration closed = subject.future().addDoneCallback(each -> trail.add("closed"));
            subject.future().addDoneCallback(each -> trail.add("left"));

            assertTrue(removed.remove());
            assertFalse(removed.remove(), "the second call removed nothing");
            closed.close();
            closed.close();
            assertFalse(closed.remove());

            subject.succeed("value");
            trail.await("left");
            assertFalse(removed.remove());
        }
        trail.assertSteps("left");
    }

    @Test
    void removingByCallbackRemovesEveryRegistrationOfIt() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Consumer<Future<String>> callback = each -> trail.add("removed");
            Registration first = promise.addDoneCallback(callback);
            promise.addDoneCallback(each -> trail.add("left"));
            promise.addDoneCallback(callback);
            promise.addDoneCallback(callback, DIRECT);

            assertEquals(3, promise.removeDoneCallback(callback));
            assertEquals(0, promise.removeDoneCallback(callback));
            assertFalse(first.remove(), "removeDoneCallback has removed it");

            promise.complete("value");
            trail.await("left");
        }
        trail.assertSteps("left");
    }

    @Test
    void removalOfACallbackOfAnotherFuture_removesNothing() {
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Promise<String> other = FutureKind.promiseIn(scope);
            AtomicInteger runs = new AtomicInteger();
            Consumer<Future<String>> callback = each -> runs.incrementAndGet();
            other.addDoneCallback(callback, DIRECT);

            assertEquals(
                    0,
                    promise.removeDoneCallback(callback),
                    "the callback belongs to the other future");

            promise.complete("value");
            assertEquals(0, promise.removeDoneCallback(callback));
            Gate last = new Gate();
            other.addDoneCallback(each -> last.open(), DIRECT);
            other.complete("value");
            last.passUninterruptibly();
            assertEquals(1, runs.get());
        }
    }

    @Test
    void equalCallbacksAreTheSameCallback() {
        record Tracing(Trail trail, String step) implements Consumer<Future<String>> {
            @Override
            public void accept(Future<String> future) {
                trail.add(step);
            }
        }
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            promise.addDoneCallback(new Tracing(trail, "removed"));
            promise.addDoneCallback(new Tracing(trail, "left"));

            assertEquals(1, promise.removeDoneCallback(new Tracing(trail, "removed")));

            promise.complete("value");
            trail.await("left");
        }
        trail.assertSteps("left");
    }

    @Test
    void aCallbackThatRunsOrHasRunIsNotRemovedAndNotInterrupted() {
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Gate gate = new Gate();
            AtomicReference<Throwable> interrupted = new AtomicReference<>();
            Gate ended = new Gate();
            Consumer<Future<String>> callback =
                    each -> {
                        try {
                            gate.pass();
                        } catch (InterruptedException e) {
                            interrupted.set(e);
                        }
                        ended.open();
                    };
            Registration running = promise.addDoneCallback(callback);
            promise.complete("value");
            gate.awaitReached();

            assertFalse(running.remove());
            assertEquals(0, promise.removeDoneCallback(callback));
            running.close();

            gate.open();
            ended.passUninterruptibly();
            assertNull(interrupted.get());
            assertFalse(running.remove());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallbackMayRemoveALaterOneAndNotItself(boolean byRegistration) {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            AtomicReference<Registration> itself = new AtomicReference<>();
            AtomicReference<Registration> later = new AtomicReference<>();
            Consumer<Future<String>> late = each -> trail.add("never");
            itself.set(
                    promise.addDoneCallback(
                            each -> {
                                trail.add("itself: " + itself.get().remove());
                                trail.add(
                                        byRegistration
                                                ? "later: " + later.get().remove()
                                                : "later: " + each.removeDoneCallback(late));
                            }));
            later.set(promise.addDoneCallback(late));
            promise.addDoneCallback(each -> trail.add("last"));

            promise.complete("value");
            trail.await("last");
        }
        trail.assertSteps("itself: false", byRegistration ? "later: true" : "later: 1", "last");
    }

    @Test
    @Rule(12)
    void callbacksBehindARunningOne_canBeRemoved() {
        int count = 40; // more than the engine takes from its list at once
        Trail trail = new Trail();
        Trail expected = new Trail();
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Gate gate = new Gate();
            promise.addDoneCallback(each -> gate.passUninterruptibly());
            List<Consumer<Future<String>>> callbacks = new ArrayList<>();
            List<Registration> registrations = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String step = "callback " + i;
                callbacks.add(each -> trail.add(step));
                registrations.add(promise.addDoneCallback(callbacks.get(i)));
            }
            promise.complete("value");
            gate.awaitReached();

            try {
                for (int i = 0; i < count; i++) {
                    switch (i % 3) {
                        case 0 ->
                                assertEquals(
                                        1, promise.removeDoneCallback(callbacks.get(i)), "" + i);
                        case 1 -> assertTrue(registrations.get(i).remove(), "" + i);
                        default -> expected.add("callback " + i);
                    }
                }
            } finally {
                gate.open();
            }
            promise.addDoneCallback(each -> trail.add("added"));
            expected.add("added");
            trail.await("added");
        }
        trail.assertSteps(expected.steps().toArray());
    }

    @Test
    void removedCallback_isCollected() {
        try (TaskScope scope = leaks.open("removing")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            WeakReference<Object> big = addAndRemove(promise);

            while (big.get() != null) {
                System.gc();
            }

            promise.complete("value");
        }
    }

    private static WeakReference<Object> addAndRemove(Promise<String> promise) {
        byte[] big = new byte[1_000_000];
        promise.addDoneCallback(each -> big[0]++).remove();
        return new WeakReference<>(big);
    }
}
