package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.DeadlockException;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A wait that could never end throws an error that names the circle. */
@Rule(25)
class DeadlockTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    static Stream<Named<Consumer<Future<?>>>> waits() {
        return Stream.of(
                Named.of("join", Future::join),
                Named.of("joinOutcome", Future::joinOutcome),
                Named.of("cancelAndJoin", future -> future.cancelAndJoin("stop")),
                Named.of(
                        "get",
                        future -> {
                            try {
                                future.get();
                            } catch (ExecutionException | InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        }));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void aTaskCannotWaitForItself(Consumer<Future<?>> wait) {
        Promise<DeadlockException> refused = Promise.create();
        try (TaskScope scope = leaks.open("self")) {
            scope.launch(
                    "narcissus",
                    () ->
                            refused.complete(
                                    assertThrows(
                                            DeadlockException.class,
                                            () -> wait.accept(Task.current()))));
            DeadlockException refusal = refused.join();
            assertEquals(List.of("narcissus"), refusal.circle());
            assertTrue(refusal.getMessage().contains("narcissus"), refusal::toString);
            scope.join();
        }
    }

    @Test
    void twoTasksCannotWaitForEachOther() {
        assertCircleIsNamed("a", "b");
    }

    @Test
    void threeTasksCannotWaitForEachOtherInACircle() {
        assertCircleIsNamed("a", "b", "c");
    }

    @Test
    void twentyTasksCannotWaitForEachOtherInACircle() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add("task " + i + ".");
        }
        assertCircleIsNamed(names.toArray(String[]::new));
    }

    /** Each task waits for the next, and the last for the first. At least one wait must throw, and every task must end. */
    private void assertCircleIsNamed(String... names) {
        Gate gate = new Gate();
        List<Task<String>> tasks = new ArrayList<>();
        List<DeadlockException> refusals = new ArrayList<>();
        try (TaskScope scope = leaks.open("circle")) {
            for (int i = 0; i < names.length; i++) {
                int next = (i + 1) % names.length;
                tasks.add(
                        scope.start(
                                names[i],
                                () -> {
                                    gate.pass();
                                    return tasks.get(next).join();
                                }));
            }
            gate.open();
            for (Task<String> task : tasks) {
                Throwable exception = task.joinOutcome().exceptionOrNull();
                if (exception instanceof DeadlockException refusal) {
                    refusals.add(refusal);
                }
                assertInstanceOf(DeadlockException.class, rootOf(exception));
            }
        }
        assertFalse(refusals.isEmpty());
        for (DeadlockException refusal : refusals) {
            assertEquals(Set.of(names), Set.copyOf(refusal.circle()));
            assertEquals(names.length, refusal.circle().size());
            List<String> order = List.of(names);
            for (int i = 0; i < names.length; i++) {
                int here = order.indexOf(refusal.circle().get(i));
                String next = refusal.circle().get((i + 1) % names.length);
                assertEquals(order.get((here + 1) % names.length), next, "each waits for the next");
            }
            String circle =
                    Stream.concat(refusal.circle().stream(), refusal.circle().stream().limit(1))
                            .map(name -> "task \"" + name + "\"")
                            .collect(Collectors.joining(" -> "));
            assertTrue(refusal.getMessage().contains(" circle " + circle + ","), refusal::toString);
        }
    }

    // The rounds bring both orders in which the two tasks begin to wait.
    @Test
    void noRaceLeavesTwoTasksWaitingForEachOther() {
        for (int round = 0; round < 300; round++) {
            Promise<Task<?>> first = Promise.create();
            Promise<Task<?>> second = Promise.create();
            try (TaskScope scope = leaks.open("race")) {
                Task<Object> a = scope.start("a", () -> second.join().join());
                Task<Object> b = scope.start("b", () -> first.join().join());
                first.complete(a);
                second.complete(b);
                assertInstanceOf(
                        DeadlockException.class, rootOf(a.joinOutcome().exceptionOrNull()));
                assertInstanceOf(
                        DeadlockException.class, rootOf(b.joinOutcome().exceptionOrNull()));
            }
        }
    }

    static Stream<Named<Function<Future<String>, Future<?>>>> around() {
        return Stream.of(
                Named.of("all", self -> Gather.of(Future.completed("other"), self).all()),
                Named.of("failFast", self -> Gather.of(self).failFast()),
                Named.of("settled", self -> Gather.of(self).settled()),
                Named.of("nested groups", self -> Gather.of(Gather.of(self).all()).settled()),
                Named.of("map", self -> self.map(String::length)),
                Named.of("map of map", self -> self.map(String::length).map(i -> i + 1)),
                Named.of("flatMap", self -> self.flatMap(Future::completed)),
                Named.of("recover", self -> self.recover(Throwable::getMessage)),
                Named.of("shield", Future::shield));
    }

    // A future derived from a task cannot end before the task.
    @ParameterizedTest
    @MethodSource("around")
    void taskCannotWaitForAFutureDerivedFromItself(Function<Future<String>, Future<?>> made) {
        Promise<Future<?>> around = Promise.create();
        try (TaskScope scope = leaks.open("around")) {
            Task<String> task =
                    scope.start(
                            "narcissus",
                            () -> {
                                Future<?> self = around.join();
                                DeadlockException refusal =
                                        assertThrows(DeadlockException.class, self::join);
                                assertTrue(
                                        refusal.circle().contains("narcissus"), refusal::toString);
                                return "deadlock";
                            });
            Future<?> derived = made.apply(task);
            around.complete(derived);
            assertEquals("deadlock", task.join());
            derived.joinOutcome();
        }
    }

    // A task may catch the exception of its wait and go on. The others then get their results.
    @Test
    void taskThatCatchesTheDeadlock_opensTheCircle() {
        Promise<Task<String>> second = Promise.create();
        try (TaskScope scope = leaks.open("caught")) {
            Task<String> a = scope.start("a", () -> joinOrDeadlock(second.join()));
            Task<String> b = scope.start("b", () -> joinOrDeadlock(a));
            second.complete(b);
            // If both tasks close the circle at the same moment, both waits may throw.
            List<String> values = List.of(a.join(), b.join());
            assertTrue(values.contains("deadlock"), values::toString);
        }
    }

    static String joinOrDeadlock(Future<String> other) {
        try {
            return "got " + other.join();
        } catch (DeadlockException e) {
            return "deadlock";
        }
    }

    private static Throwable rootOf(Throwable exception) {
        Throwable root = exception;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
