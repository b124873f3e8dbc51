package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import io.github.coro4j.interop.testing.WayToWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any number of threads may wait for a future, and a wait that gives up leaves the work alone. */
class WaitingTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void everyWaiterGetsTheEnd(FutureKind kind) throws Exception {
        try (TaskScope scope = leaks.open("waiting")) {
            ControlledFuture subject = kind.in(scope);
            List<PlainThread<Object>> waiters = new ArrayList<>();
            for (WayToWait way : WayToWait.values()) {
                if (way != WayToWait.CANCEL_AND_JOIN) {
                    waiters.add(PlainThread.start(way.name(), () -> way.on(subject.future())));
                }
            }
            Task<Object> task = scope.start("waiter", () -> subject.future().join());
            waiters.forEach(PlainThread::awaitBlocked);

            // The engine has never seen this thread.
            PlainThread.start("completer", () -> completed(subject, "value")).result();

            for (PlainThread<Object> each : waiters) {
                assertEquals(subject.valueFor("value"), each.result());
            }
            assertEquals(subject.valueFor("value"), task.join());
            assertEquals(subject.valueFor("value"), subject.future().join(), "and again");
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedOutWait_leavesTheWorkAlone(FutureKind kind) {
        try (TaskScope scope = leaks.open("waiting")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> future = subject.future();
            for (Executable wait :
                    List.<Executable>of(
                            () -> future.join(Duration.ofMillis(1)),
                            () -> future.join(Duration.ZERO), // does not wait
                            () -> future.get(1, TimeUnit.MILLISECONDS),
                            () -> future.get(0, TimeUnit.SECONDS),
                            () -> future.get(-1, TimeUnit.SECONDS))) {
                assertThrows(TimeoutException.class, wait);
            }
            assertFalse(future.isDone());
            assertFalse(future.isCancelling());

            subject.succeed("value");
            assertEquals(subject.valueFor("value"), future.join());
        }
    }

    @Test
    void timeoutOfAJoin_namesTheFuture() {
        try (TaskScope scope = leaks.open("waiting")) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("slow-query", gate::pass);

            String joined =
                    assertThrows(TimeoutException.class, () -> task.join(Duration.ofMillis(1)))
                            .getMessage();
            String got =
                    assertThrows(TimeoutException.class, () -> task.get(1, TimeUnit.MILLISECONDS))
                            .getMessage();

            assertTrue(joined.contains("slow-query"), joined);
            assertTrue(got.contains("slow-query"), got);
            gate.open();
            task.join();
        }
    }

    @Test
    void hugeTimeout_neverExpires() throws Exception {
        try (TaskScope scope = leaks.open("waiting")) {
            Promise<String> promise = FutureKind.promiseIn(scope);
            Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
            PlainThread<String> join = PlainThread.start("join", () -> promise.join(forEver));
            PlainThread<String> get =
                    PlainThread.start("get", () -> promise.get(Long.MAX_VALUE, TimeUnit.DAYS));
            join.awaitBlocked();
            get.awaitBlocked();

            promise.complete("value");

            assertEquals("value", join.result());
            assertEquals("value", get.result());
        }
    }

    @Test
    void futures_canBeReadInOtherScopes() {
        try (TaskScope one = leaks.open("one");
                TaskScope two = leaks.open("two")) {
            Task<String> a = one.start(() -> "a");
            Task<String> b = two.start(() -> "b");
            Task<String> both = two.start(() -> a.join() + b.join());

            assertEquals("ab", both.join());
            assertEquals(List.of("a", "b"), Gather.of(a, b).all().join());
        }
    }

    @Test
    void taskThatWaitsForItself_failsWithDeadlock() {
        try (TaskScope scope = leaks.open("waiting")) {
            Task<Object> task = scope.start("narcissus", () -> Task.current().join());

            DeadlockException circle =
                    assertInstanceOf(DeadlockException.class, task.joinOutcome().exceptionOrNull());
            assertEquals(List.of("narcissus"), circle.circle());
            assertTrue(circle.getMessage().contains("narcissus"), circle.getMessage());
        }
    }

    @Test
    void theEndOfATaskIsReadInsideAnother() {
        IllegalStateException failure = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("waiting")) {
            Task<String> broken =
                    scope.start(
                            "broken",
                            () -> {
                                throw failure;
                            });
            Task<Outcome<String>> reader = scope.start("reader", broken::joinOutcome);
            Task<Throwable> catcher =
                    scope.start(
                            "catcher", () -> assertThrows(Exception.class, broken::get).getCause());

            assertSame(failure, reader.join().exceptionOrNull());
            assertSame(failure, catcher.join());
        }
    }

    @Test
    void rethrownFailure_formsNoCircleOfCauses() {
        IllegalStateException failure = new IllegalStateException("broken");
        try (TaskScope scope = leaks.open("waiting")) {
            Task<String> broken =
                    scope.start(
                            "broken",
                            () -> {
                                throw failure;
                            });
            Task<String> relay = scope.start("relay", () -> broken.join());
            Task<String> second = scope.start("second", () -> relay.join());

            Throwable last = second.joinOutcome().exceptionOrNull();

            List<Throwable> chain = new ArrayList<>();
            for (Throwable each = last; each != null; each = each.getCause()) {
                assertFalse(chain.contains(each), "a circle of causes: " + chain);
                assertEquals(0, each.getSuppressed().length);
                chain.add(each);
            }
            assertSame(failure, chain.get(chain.size() - 1));
        }
    }

    private static Object completed(ControlledFuture subject, Object value) {
        subject.succeed(value);
        return value;
    }
}
