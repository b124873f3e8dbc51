package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.SlowCleanUp;
import io.github.coro4j.interop.testing.Trail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** A closed scope refuses new work by name, and a cancelled scope cancels it before it begins (R23). */
class ClosedScopeTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(23)
    void everyStartInAClosedScopeIsRefusedByNameAndNoBodyRuns() {
        Trail trail = new Trail();
        TaskScope scope = leaks.open("shop");
        Task<String> done = scope.start("done", () -> "value");
        done.join();
        scope.close();
        Callable<String> body =
                () -> {
                    trail.add("ran");
                    return "ran";
                };
        Map<String, Executable> ways = new LinkedHashMap<>();
        ways.put("start", () -> scope.start(body));
        ways.put("named start", () -> scope.start("late", body));
        ways.put("launch", () -> scope.launch(body::call));
        ways.put("named launch", () -> scope.launch("late", body::call));
        ways.put("gather items", () -> scope.gather(List.of(1), i -> body.call()));
        ways.put("gather bodies", () -> scope.gather(List.of(body)));
        ways.put("gather nothing", () -> scope.gather(List.<Callable<String>>of()));
        ways.put("map", () -> done.map(value -> body.call()));
        ways.put("flatMap", () -> done.flatMap(value -> Future.completed(body.call())));
        ways.put("recover", () -> done.recover(exception -> body.call()));
        ways.put("orTimeout", () -> done.orTimeout(Duration.ofDays(1)));
        ways.put("completeOnTimeout", () -> done.completeOnTimeout("late", Duration.ofDays(1)));
        ways.forEach(
                (way, call) -> {
                    IllegalStateException refusal =
                            assertThrows(IllegalStateException.class, call, way);
                    assertTrue(refusal.getMessage().contains("shop"), way + ": " + refusal);
                    assertTrue(refusal.getMessage().contains("closed"), way + ": " + refusal);
                });
        trail.assertSteps();
        assertEquals("value", done.join(), "a done future can still be read");
    }

    // From the call of close() on, the scope refuses work, also from a clean-up.
    @Test
    @Rule(23)
    void aClosingScopeRefusesWorkFromTheCleanUpOfItsOwnTasks() {
        Gate never = new Gate();
        List<IllegalStateException> refusals = new ArrayList<>();
        Trail trail = new Trail();
        TaskScope scope = leaks.open("shop");
        scope.launch(
                "slow",
                () -> {
                    try {
                        never.pass();
                    } finally {
                        for (Executable way :
                                List.<Executable>of(
                                        () -> Task.launch(() -> trail.add("started")),
                                        () -> Task.start(() -> "started"),
                                        () ->
                                                TaskScope.open("inner")
                                                        .launch(() -> trail.add("opened")),
                                        () -> TaskScope.run("inner", inner -> "ran"),
                                        () -> Task.sleep(Duration.ofMillis(1)))) {
                            refusals.add(assertThrows(IllegalStateException.class, way));
                        }
                    }
                });
        never.awaitReached();
        scope.close();
        assertEquals(5, refusals.size());
        for (IllegalStateException refusal : refusals) {
            assertTrue(refusal.getMessage().contains("shop"), refusal::toString);
        }
        trail.assertSteps();
    }

    @Test
    @Rule(23)
    void aClosingScopeRefusesWorkFromOtherThreads() throws InterruptedException {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        TaskScope scope = leaks.open("shop");
        scope.launch("slow", new SlowCleanUp(never, cleanUp));
        never.awaitReached();
        Thread closer = new Thread(scope::close);
        closer.start();
        cleanUp.awaitReached();
        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> scope.start(() -> "late"));
        assertTrue(refusal.getMessage().contains("shop"), refusal::toString);
        cleanUp.open();
        closer.join();
    }

    // The scope stays cancelled, although it is open.
    @Test
    @Rule({4, 6})
    void aTaskStartedInACancelledScopeIsCancelledBeforeItBegins() {
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("shop")) {
            Gate never = new Gate();
            Task<Void> running = scope.launch("running", never::pass);
            never.awaitReached();
            scope.cancel("sold out");
            running.joinOutcome();
            assertCancelled("running", "sold out", running);

            Task<String> late =
                    scope.start(
                            "late",
                            () -> {
                                trail.add("ran");
                                return "ran";
                            });
            late.joinOutcome();
            assertCancelled("late", "sold out", late);

            Future<List<Integer>> group =
                    scope.gather(
                                    List.of(1, 2),
                                    i -> {
                                        trail.add("ran " + i);
                                        return i;
                                    })
                            .named("pages")
                            .all();
            group.joinOutcome();
            assertTrue(group.isCancelled(), group::toString);
            scope.join();

            scope.cancel("a second reason");
            Task<String> later = scope.start("later", () -> "ran");
            later.joinOutcome();
            assertCancelled("later", "sold out", later);
        }
        trail.assertSteps();
    }

    @Test
    @Rule(4)
    void cancellingReturnsWithoutWaiting() {
        Gate never = new Gate();
        Gate cleanUp = new Gate();
        try (TaskScope scope = leaks.open("shop")) {
            Task<Void> slow = scope.launch("slow", new SlowCleanUp(never, cleanUp));
            never.awaitReached();
            scope.cancel("sold out");
            assertFalse(slow.isDone());
            assertTrue(slow.isCancelling());
            cleanUp.open();
            scope.join();
            assertCancelled("slow", "sold out", slow);
        }
    }

    @Test
    @Rule(3)
    void aNullReasonIsRefused() {
        try (TaskScope scope = leaks.open("shop")) {
            NullPointerException refusal =
                    assertThrows(NullPointerException.class, () -> scope.cancel(null));
            assertTrue(refusal.getMessage().contains("reason"), refusal::toString);
            assertEquals("unharmed", scope.start(() -> "unharmed").join());
        }
    }

    // The scope checks the arguments before anything starts.
    @Test
    @Rule(3)
    void badArgumentsAreRefusedByName() {
        try (TaskScope scope = leaks.open("shop")) {
            Map<Executable, String> calls = new LinkedHashMap<>();
            calls.put(() -> scope.start(null), "body");
            calls.put(() -> scope.start(null, () -> "x"), "name");
            calls.put(() -> scope.start("x", null), "body");
            calls.put(() -> scope.launch(null), "body");
            calls.put(() -> scope.launch(null, () -> {}), "name");
            calls.put(() -> scope.launch("x", null), "body");
            calls.put(() -> TaskScope.open(null), "name");
            calls.put(() -> TaskScope.run(null, s -> "x"), "name");
            calls.put(() -> TaskScope.run("x", null), "body");
            calls.put(() -> TaskScope.builder().executor(null), "executor");
            calls.put(() -> TaskScope.builder().callbackExecutor(null), "callbackExecutor");
            calls.put(() -> TaskScope.builder().failureListener(null), "failureListener");
            calls.put(() -> TaskScope.builder().deadline(null), "deadline");
            calls.forEach(
                    (call, parameter) -> {
                        NullPointerException refusal =
                                assertThrows(NullPointerException.class, call);
                        assertTrue(
                                refusal.getMessage().contains(parameter),
                                parameter + ": " + refusal);
                    });
            Map<Executable, String> blanks = new LinkedHashMap<>();
            blanks.put(() -> scope.start("", () -> "x"), "name");
            blanks.put(() -> scope.launch(" ", () -> {}), "name");
            blanks.put(() -> TaskScope.open("\t"), "name");
            blanks.put(() -> TaskScope.run("", s -> "x"), "name");
            blanks.put(() -> TaskScope.builder().deadline(Duration.ZERO), "deadline");
            blanks.put(() -> TaskScope.builder().deadline(Duration.ofMillis(-1)), "deadline");
            blanks.forEach(
                    (call, parameter) -> {
                        IllegalArgumentException refusal =
                                assertThrows(IllegalArgumentException.class, call);
                        assertTrue(
                                refusal.getMessage().contains(parameter),
                                parameter + ": " + refusal);
                    });
            assertTrue(scope.tasks().isEmpty(), scope::dump);
        }
    }

    private static void assertCancelled(String name, String reason, Future<?> future) {
        assertTrue(future.isCancelled(), future::toString);
        TaskCancelledException cancellation =
                assertInstanceOf(TaskCancelledException.class, future.exception());
        assertEquals(name, cancellation.name());
        assertEquals(reason, cancellation.reason());
    }
}
