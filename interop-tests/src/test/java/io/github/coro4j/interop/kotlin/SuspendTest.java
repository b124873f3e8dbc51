package io.github.coro4j.interop.kotlin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.WaitInterruptedException;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.coroutines.SuspendAction;
import io.github.coro4j.coroutines.SuspendCall;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R29: Java calls a Kotlin team's suspend functions. */
class SuspendTest {
    /** The debug mode of the engine is on if assertions are; see {@code coro4j.debug}. */
    private static final boolean IS_DEBUGGING = Suspend.class.desiredAssertionStatus();

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final KotlinUsers users = new KotlinUsers();

    @Test
    @Rule(29)
    void lambdasAndMethodReferencesInferTheirTypes() {
        Task<String> one = Suspend.call(c -> users.load(42, c));
        Task<List<String>> all = Suspend.call(users::loadAll);
        var inferred = Suspend.call(users::loadAll);
        List<String> list = inferred.join();
        assertEquals("user 42", one.join());
        assertEquals(List.of("user 1", "user 2"), all.join());
        assertEquals(2, list.size());
    }

    @Test
    @Rule(29)
    void aFunctionThatReturnsWithoutSuspendingWorks() {
        Task<String> found = Suspend.call(c -> users.find(1, c));
        Task<String> missing = Suspend.call(c -> users.find(0, c));
        assertEquals("user 1", found.join());
        assertNull(missing.join());
        Task<String> failing = Suspend.call(users::failAtOnce);
        assertInstanceOf(IOException.class, failing.joinOutcome().exceptionOrNull());
    }

    @Test
    @Rule(29)
    void unitBecomesVoid() {
        Task<Void> saved = Suspend.launch(c -> users.save("Ann", c));
        assertNull(saved.join());
        Task<Void> named = Suspend.launch("save", c -> users.save("Bob", c));
        assertNull(named.join());
        assertEquals(List.of("Ann", "Bob"), users.getSaved());
    }

    @Test
    @Rule(29)
    void call_isATaskOfTheCurrentOrTheGivenScope() throws Exception {
        try (TaskScope scope = leaks.open("page")) {
            Task<String> given = Suspend.call(scope, c -> users.load(1, c));
            assertSame(scope, given.scope());
            Task<String> named = Suspend.call(scope, "load", users::nameOfTheCoroutine);
            assertEquals("load", named.name());
            assertEquals("load", named.join());
            Task<TaskScope> inside =
                    scope.start(() -> Suspend.call("inner", c -> users.load(1, c)).scope());
            assertSame(scope, inside.join());
            assertSame(scope, Suspend.launch(scope, c -> users.save("x", c)).scope());
            assertEquals("y", Suspend.launch(scope, "y", c -> users.save("y", c)).name());
            given.join();
            scope.join();
        }
        assertSame(TaskScope.global(), Suspend.call(c -> users.load(1, c)).scope());
    }

    @Test
    @Rule(29)
    void aCancelReachesTheFunction() {
        try (TaskScope scope = leaks.open("page")) {
            Task<String> task = Suspend.call(scope, "load", users::loadForEver);
            Task<Void> begun = Suspend.launch(scope, c -> users.getBegun().await(c));
            begun.join();
            Outcome<String> end = task.cancelAndJoin("enough");
            assertEquals(
                    "load was cancelled: enough",
                    assertInstanceOf(Outcome.Cancelled.class, end).cancellation().getMessage());
            assertTrue(users.getCancelledWith().isCompleted());
        }
    }

    @Test
    @Rule(29)
    void failure_isTheOriginalAndShowsTheCallSiteInDebugMode() {
        Task<String> task = Suspend.call("load", c -> users.load(-1, c));
        int line = new Throwable().getStackTrace()[0].getLineNumber() - 1;
        Throwable failure = task.joinOutcome().exceptionOrNull();
        assertInstanceOf(IOException.class, failure);
        assertEquals("no user -1", failure.getMessage());
        if (!IS_DEBUGGING) {
            assertEquals(0, failure.getSuppressed().length);
            return;
        }
        Throwable site = failure.getSuppressed()[0];
        assertEquals("called from", site.toString());
        StackTraceElement top = site.getStackTrace()[0];
        assertEquals(SuspendTest.class.getName(), top.getClassName());
        assertEquals("failure_isTheOriginalAndShowsTheCallSiteInDebugMode", top.getMethodName());
        assertEquals(line, top.getLineNumber());
    }

    @Test
    @Rule(29)
    void sharedExceptionOfManyCalls_getsOneCallSite() {
        IOException shared = new IOException("always the same");
        SuspendCall<String> failing =
                c -> {
                    throw shared;
                };
        for (int i = 0; i < 3; i++) {
            assertSame(shared, Suspend.call(failing).joinOutcome().exceptionOrNull());
        }
        assertEquals(IS_DEBUGGING ? 1 : 0, shared.getSuppressed().length);
        Exception bare = new BareException();
        assertSame(
                bare,
                Suspend.<String>call(
                                c -> {
                                    throw bare;
                                })
                        .joinOutcome()
                        .exceptionOrNull());
    }

    private static final class BareException extends Exception {
        private static final long serialVersionUID = 1L;

        BareException() {
            super("without room", null, false, false);
        }
    }

    // ---- runBlocking

    @Test
    @Rule(29)
    void runBlocking_returnsTheValueOrThrowsTheOriginal() throws Exception {
        String user = Suspend.runBlocking(c -> users.load(1, c));
        assertEquals("user 1", user);
        assertEquals("load", Suspend.<String>runBlocking("load", users::nameOfTheCoroutine));
        IOException thrown =
                assertThrows(IOException.class, () -> Suspend.runBlocking(c -> users.load(-1, c)));
        assertEquals("no user -1", thrown.getMessage());
    }

    @Test
    @Rule(29)
    void cancelOfAGather_stopsItsSuspendFunctions() {
        try (TaskScope scope = leaks.open("page")) {
            assertEquals(
                    List.of("user 1", "user 2", "user 3"),
                    scope.gather(
                                    List.of(1, 2, 3),
                                    id -> Suspend.<String>runBlocking(c -> users.load(id, c)))
                            .concurrency(2)
                            .all()
                            .join());
            Future<List<String>> group =
                    scope.gather(List.of(1), id -> Suspend.runBlocking(users::loadForEver)).all();
            Suspend.launch(scope, c -> users.getBegun().await(c)).join();
            assertInstanceOf(Outcome.Cancelled.class, group.cancelAndJoin("enough"));
            assertTrue(users.getCancelledWith().isCompleted());
            assertTrue(scope.tasks().isEmpty(), scope::dump);
        }
    }

    @Test
    @Rule(29)
    void anInterruptOfTheThreadStopsTheFunction() {
        Thread here = Thread.currentThread();
        try (TaskScope scope = leaks.open("page")) {
            Suspend.launch(scope, c -> users.getBegun().await(c))
                    .addDoneCallback(begun -> here.interrupt());
            WaitInterruptedException thrown =
                    assertThrows(
                            WaitInterruptedException.class,
                            () -> Suspend.runBlocking(users::loadForEver));
            assertTrue(
                    thrown.getMessage().endsWith("which was cancelled with it"),
                    thrown::getMessage);
            assertTrue(Thread.interrupted());
            assertTrue(users.getCancelledWith().isCompleted());
        }
    }

    // ---- bad input

    @Test
    void badInputIsRefusedBeforeAnythingStarts() {
        TaskScope scope = leaks.open("page");
        assertMessage(
                "call must not be null: no suspend function was called in scope \"page\"",
                assertThrows(
                        NullPointerException.class,
                        () -> Suspend.call(scope, (SuspendCall<String>) null)));
        assertMessage(
                "action must not be null: no suspend function was called in scope \"page\"",
                assertThrows(
                        NullPointerException.class,
                        () -> Suspend.launch(scope, (SuspendAction) null)));
        assertMessage(
                "scope must not be null: leave it out for the scope of the current task",
                assertThrows(
                        NullPointerException.class,
                        () -> Suspend.call((TaskScope) null, users::loadAll)));
        assertMessage(
                "name must not be null: no suspend function was called",
                assertThrows(
                        NullPointerException.class,
                        () -> Suspend.call((String) null, users::loadAll)));
        assertMessage(
                "name must not be blank",
                assertThrows(
                        IllegalArgumentException.class, () -> Suspend.call(" ", users::loadAll)));
        scope.close();
        assertMessage(
                "scope \"page\" is closed and cannot start a task",
                assertThrows(
                        IllegalStateException.class, () -> Suspend.call(scope, users::loadAll)));
    }

    private static void assertMessage(String beginning, Exception thrown) {
        assertTrue(thrown.getMessage().startsWith(beginning), thrown::getMessage);
    }

    // The Java compiler does not see these classes, so the test uses reflection.
    @Test
    @Rule(30)
    void functionsForKotlin_areHiddenFromJava() throws ClassNotFoundException {
        for (String file : List.of("Future", "Scope", "Gather", "Outcome", "Duration")) {
            Class<?> functions = Class.forName("io.github.coro4j.coroutines." + file + "Kt");
            assertTrue(functions.isSynthetic(), file);
            Set<String> shown =
                    Arrays.stream(functions.getDeclaredMethods())
                            .filter(method -> Modifier.isPublic(method.getModifiers()))
                            .filter(method -> !method.isSynthetic())
                            .map(method -> method.getName())
                            .collect(Collectors.toSet());
            assertEquals(Set.of(), shown);
        }
    }

    @Test
    @Rule(29)
    void reasonOfACancelOfTheScope_isKept() {
        List<Throwable> seen = new ArrayList<>();
        try (TaskScope scope = leaks.open("page")) {
            Task<String> task = Suspend.call(scope, "load", users::loadForEver);
            Suspend.launch(scope, c -> users.getBegun().await(c)).join();
            scope.cancel("shutting down");
            seen.add(task.joinOutcome().exceptionOrNull());
        }
        assertEquals("shutting down", ((TaskCancelledException) seen.get(0)).reason());
    }
}
