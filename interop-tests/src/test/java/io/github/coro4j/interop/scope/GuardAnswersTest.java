package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.BlockingGuard.Answer;
import io.github.coro4j.BlockingRefusedException;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import java.io.IOException;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** What the answers of a guard do, which guard is asked, and what a refused wait leaves. */
class GuardAnswersTest extends GuardedSetting {
    @Test
    void aRunWhoseTasksHaveEndedIsNotAsked() {
        try (TaskScope around = open(refusing)) {
            assertTrue(around.isOpen());
        }
        assertEquals("main", TaskScope.run("run", scope -> "main"));
    }

    @Test
    void aFailureIsReportedAlthoughTheCloseIsRefused() throws Exception {
        TaskScope scope = open(refusing);
        Gate gate = new Gate();
        scope.start(
                "load",
                () -> {
                    gate.passUninterruptibly();
                    throw new IOException("broken");
                });
        gate.awaitReached();
        assertThrows(BlockingRefusedException.class, scope::close);
        gate.open();
        assertEquals("broken", leaks.awaitReports(1).get(0).exception().getMessage());
        closed(scope);
    }

    @Test
    void aRunThatMustNotWaitCarriesTheFailureOfItsBody() throws Exception {
        IOException broken = new IOException("broken");
        Gate gate = new Gate();
        TaskScope outer = open(awaited -> awaited.contains("inner") ? Answer.REFUSE : Answer.ALLOW);
        Promise<Throwable> thrown = Promise.create();
        outer.launch(
                "body",
                () ->
                        thrown.complete(
                                assertThrows(
                                        BlockingRefusedException.class,
                                        () ->
                                                TaskScope.run(
                                                        "inner",
                                                        scope -> {
                                                            scope.launch(
                                                                    "work",
                                                                    gate::passUninterruptibly);
                                                            gate.awaitReached();
                                                            throw broken;
                                                        }))));
        assertSame(broken, thrown.join().getSuppressed()[0]);
        gate.open();
        closed(outer);
    }

    @Test
    void aWarningIsLoggedOnceForEachPlace() {
        TaskScope scope = open(awaited -> Thread.currentThread() == self ? Answer.WARN : null);
        for (int turn = 0; turn < 3; turn++) {
            Gate gate = new Gate();
            Task<Void> task = scope.launch("load", gate::pass);
            scope.launch(
                    "opens",
                    () -> {
                        gate.awaitReached();
                        gate.open();
                    });
            task.join();
        }
        closed(scope);
        List<LogRecord> logged = leaks.takeLogged();
        // A turn in which the task was done before the join does not ask.
        assertTrue(logged.size() <= 1, () -> logged.size() + " warnings");
        for (LogRecord each : logged) {
            assertTrue(
                    each.getMessage()
                            .startsWith(
                                    "thread \""
                                            + self.getName()
                                            + "\" must not block, but waits for task \"load\""),
                    each::getMessage);
            assertNotNull(each.getThrown());
        }
    }

    @Test
    void whatAGuardThrowsReachesTheCaller() {
        IllegalStateException own = new IllegalStateException("not on this thread");
        TaskScope scope =
                open(
                        awaited -> {
                            if (Thread.currentThread() == self) throw own;
                            return Answer.ALLOW;
                        });
        Gate gate = new Gate();
        Task<Void> task = scope.launch("load", gate::passUninterruptibly);
        gate.awaitReached();
        assertSame(own, assertThrows(IllegalStateException.class, task::join));
        assertSame(own, assertThrows(IllegalStateException.class, scope::close));
        gate.open();
        closed(scope);
    }

    @Test
    void anInnerScopeInheritsTheGuardUnlessItHasItsOwn() {
        TaskScope outer = open(awaited -> Answer.REFUSE);
        Promise<Throwable> inherited = Promise.create();
        Promise<String> own = Promise.create();
        outer.launch(
                "body",
                () -> {
                    TaskScope inner = TaskScope.open("inner");
                    Gate gate = new Gate();
                    Task<Void> task = inner.launch("load", gate::pass);
                    inherited.complete(assertThrows(BlockingRefusedException.class, task::join));
                    inner.closeAsync("over");
                    try (TaskScope free =
                            TaskScope.builder()
                                    .name("free")
                                    .blockingGuard(awaited -> Answer.ALLOW)
                                    .open()) {
                        own.complete(free.start(() -> "waited").join());
                    }
                });
        assertInstanceOf(BlockingRefusedException.class, inherited.join());
        assertEquals("waited", own.join());
        closed(outer);
    }

    @Test
    void theBuilderNeedsAGuard() {
        NullPointerException refused =
                assertThrows(
                        NullPointerException.class, () -> TaskScope.builder().blockingGuard(null));
        assertTrue(refused.getMessage().startsWith("blockingGuard must not be null"));
    }
}
