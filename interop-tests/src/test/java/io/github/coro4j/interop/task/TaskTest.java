package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.PlainThread;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task is: a body that has been started, with a name and a scope. */
class TaskTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    void startingDoesNotWaitForTheBody() {
        try (TaskScope scope = leaks.open("tasks")) {
            Gate gate = new Gate();
            Task<String> task =
                    scope.start(
                            () -> {
                                gate.pass();
                                return "value";
                            });
            assertFalse(task.isDone());
            gate.open(); // only now, so start returned before
            assertEquals("value", task.join());
        }
    }

    @Test
    void aBodyWithoutAValueGivesNull() {
        try (TaskScope scope = leaks.open("tasks")) {
            AtomicInteger ran = new AtomicInteger();
            Task<Void> task = scope.launch("write", () -> ran.incrementAndGet());
            assertNull(task.join());
            assertEquals(1, ran.get());
        }
    }

    @Test
    void aBodyMayThrowAnything() {
        try (TaskScope scope = leaks.open("tasks")) {
            for (Throwable thrown :
                    List.of(new IOException("checked"), new OutOfMemoryError("an Error"))) {
                Task<Void> task =
                        scope.start(
                                () -> {
                                    throw FutureKind.<RuntimeException>rethrow(thrown);
                                });
                assertSame(
                        thrown,
                        assertInstanceOf(Outcome.Failure.class, task.joinOutcome()).exception());
            }
            assertEquals("still here", scope.start(() -> "still here").join());
        }
    }

    @Test
    void aBodyObjectStartedTwiceRunsTwice() {
        try (TaskScope scope = leaks.open("tasks")) {
            AtomicInteger runs = new AtomicInteger();
            Callable<Integer> body = runs::incrementAndGet;
            Task<Integer> one = scope.start(body);
            Task<Integer> two = scope.start(body);
            assertEquals(Set.of(1, 2), Set.of(one.join(), two.join()));
        }
    }

    @Test
    void givenName_isSeenInsideTheBody() {
        try (TaskScope scope = leaks.open("tasks")) {
            Task<String> task = scope.start("load-user", () -> Task.current().name());
            assertEquals("load-user", task.join());
            assertEquals("load-user", task.name());
        }
    }

    @Test
    void defaultName_isUniqueAndNeverChanges() throws Exception {
        try (TaskScope scope = leaks.open("tasks")) {
            Set<String> names = ConcurrentHashMap.newKeySet();
            List<PlainThread<List<Task<String>>>> starters =
                    IntStream.range(0, 16)
                            .mapToObj(
                                    i ->
                                            PlainThread.start(
                                                    "starter-" + i, () -> startMany(scope, names)))
                            .toList();
            Set<String> inside = new HashSet<>();
            for (PlainThread<List<Task<String>>> each : starters) {
                for (Task<String> task : each.result()) {
                    assertEquals(task.name(), task.name());
                    assertEquals(task.name(), task.join(), "the body sees another name");
                    inside.add(task.join());
                }
            }
            assertEquals(160, names.size());
            assertEquals(names, inside);
            names.forEach(name -> assertTrue(name.matches("task-\\d+"), name));
        }
    }

    private static List<Task<String>> startMany(TaskScope scope, Set<String> names) {
        return IntStream.range(0, 10)
                .mapToObj(
                        i -> {
                            Task<String> task = scope.start(() -> Task.current().name());
                            names.add(task.name());
                            return task;
                        })
                .toList();
    }

    @Test
    void currentTaskOfABody_isItsTask() {
        assertNull(Task.current());
        try (TaskScope scope = leaks.open("tasks")) {
            CyclicBarrier both = new CyclicBarrier(2);
            Callable<Boolean> body =
                    () -> {
                        Task<?> before = Task.current();
                        both.await(); // the other task now runs too
                        Task<String> inner = Task.start("inner", () -> "value");
                        inner.join(); // perhaps this thread runs the inner body
                        return before == Task.current() && inner.scope() == before.scope();
                    };
            Task<Boolean> one = scope.start("one", body);
            Task<Boolean> two = scope.start("two", body);
            assertTrue(one.join());
            assertTrue(two.join());
            assertSame(one, scope.start(() -> one).join());
            assertNull(Task.current());
        }
    }

    @Test
    void currentTask_isTheObjectThatStartReturned() throws Exception {
        try (TaskScope scope = leaks.open("tasks")) {
            Task<Task<?>> task = scope.start("self", () -> Task.current());
            assertSame(task, task.join());
            assertSame(scope, task.scope());
        }
    }

    @Test
    void task_cannotBeCompletedFromOutside() {
        try (TaskScope scope = leaks.open("tasks")) {
            Object task = scope.start(() -> "value");
            assertFalse(task instanceof Promise);
            assertFalse(task instanceof java.util.concurrent.CompletableFuture);
            assertEquals("value", ((Future<?>) task).join());
        }
    }

    @Test
    void bodyThatTheExecutorRefuses_failsTheTask() { // as TaskScope.start says
        RejectedExecutionException full = new RejectedExecutionException("full");
        try (TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .name("refusing")
                                .executor(
                                        body -> {
                                            throw full;
                                        })
                                .open())) {
            Task<String> task = scope.start("fetch", () -> "never");
            assertTrue(task.isDone());
            assertSame(full, task.exception());
        }
    }

    @Test
    void typesFlowWithoutCasts() throws Exception {
        try (TaskScope scope = leaks.open("tasks")) {
            Callable<Integer> narrow = () -> 42;
            Task<Number> wide = scope.start("wide", narrow);
            Future<? extends Number> asFuture = wide;
            java.util.concurrent.Future<Number> asTheJdks = wide;
            Future<Object> flat = wide.flatMap(value -> Future.completed("of " + value));
            assertEquals(42, asFuture.join());
            assertEquals(42, asTheJdks.get());
            assertEquals("of 42", flat.join());
        }
    }
}
