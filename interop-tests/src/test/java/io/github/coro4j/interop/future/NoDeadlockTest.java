package io.github.coro4j.interop.future;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wait with a timeout, and a wait outside any circle, is no deadlock. */
@Rule(25)
class NoDeadlockTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    // A wait with a timeout breaks the circle, so it is not an error.
    @Coro4jTest
    void aTimedWaitInACircleTimesOut(TestScope time) {
        Promise<Task<String>> second = Promise.create();
        try (TaskScope scope = leaks.open("timed")) {
            Task<String> a =
                    scope.start(
                            "a",
                            () -> {
                                Task<String> b = second.join();
                                assertThrows(
                                        TimeoutException.class,
                                        () -> b.join(Duration.ofMillis(20)));
                                assertThrows(
                                        TimeoutException.class,
                                        () -> b.get(20, TimeUnit.MILLISECONDS));
                                return "a gave up waiting";
                            });
            Task<String> b = scope.start("b", () -> a.join() + ", so b could go on");
            second.complete(b);
            time.advanceBy(Duration.ofMillis(40).minusNanos(1));
            assertPending(a);
            time.advanceBy(Duration.ofNanos(1));
            assertSucceeded(b, "a gave up waiting, so b could go on");
        }
    }

    @Coro4jTest
    void timedWaitOfATaskForItself_timesOut(TestScope time) {
        try (TaskScope scope = leaks.open("timed")) {
            Task<String> task =
                    scope.start(
                            "narcissus",
                            () -> {
                                assertThrows(
                                        TimeoutException.class,
                                        () -> Task.current().join(Duration.ofMillis(1)));
                                assertThrows(
                                        TimeoutException.class,
                                        () -> Task.current().join(Duration.ZERO));
                                return "gave up";
                            });
            time.advanceBy(Duration.ofMillis(1).minusNanos(1));
            assertPending(task);
            time.advanceBy(Duration.ofNanos(1));
            assertSucceeded(task, "gave up");
        }
    }

    // Two tasks that wait for the same third task form no circle.
    @Test
    void aDiamondIsNoCircle() {
        try (TaskScope scope = leaks.open("diamond")) {
            Gate gate = new Gate();
            Task<Integer> bottom =
                    scope.start(
                            "bottom",
                            () -> {
                                gate.pass();
                                return 1;
                            });
            Task<Integer> left = scope.start("left", () -> bottom.join() + 1);
            Task<Integer> right = scope.start("right", () -> bottom.join() + 1);
            Task<Integer> top =
                    scope.start(
                            "top",
                            () ->
                                    Gather.of(left, right, bottom).all().join().stream()
                                            .mapToInt(Integer::intValue)
                                            .sum());
            gate.open();
            assertEquals(5, top.join());
        }
    }

    // The engine forgets a wait that has ended, so the same two tasks may later wait in the other
    // direction.
    @Test
    void waitsThatHaveEndedFormNoCircle() {
        try (TaskScope scope = leaks.open("ended")) {
            Promise<String> forA = Promise.create();
            Promise<Task<String>> self = Promise.create();
            Task<String> a =
                    scope.start(
                            "a",
                            () -> {
                                Task<String> b = Task.start("b", () -> "b ended");
                                String first = b.join();
                                forA.join();
                                return first;
                            });
            Task<String> later = scope.start("later", () -> self.join().join());
            self.complete(a);
            forA.complete("go on");
            assertEquals("b ended", later.join());
        }
    }
}
