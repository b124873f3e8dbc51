package io.github.coro4j.interop.observe;

import static io.github.coro4j.interop.observe.UnreadFailuresTest.failing;
import static io.github.coro4j.interop.observe.UnreadFailuresTest.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A failure that passes from one future to another is read by user code, or stays unread (R16, R17). */
class PassedOnFailuresTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final IOException failure = new IOException("broken");

    @Test
    void aRecoveryThatNeverRunsLeavesTheFailureUnread() throws InterruptedException {
        ExecutorService one = Executors.newSingleThreadExecutor();
        Gate busy = new Gate();
        try (TaskScope scope = leaks.open("scope", one)) {
            Task<String> bad =
                    scope.start(
                            "bad",
                            () -> {
                                throw failure;
                            });
            Gate ended = new Gate();
            bad.addDoneCallback(f -> ended.open());
            ended.pass();
            Task<Void> blocker = scope.launch("blocker", busy::pass);
            busy.awaitReached();
            Future<String> recovered = bad.recover(e -> "saved");
            recovered.cancelAndJoin("not wanted");
            assertTrue(recovered.isCancelled());
            busy.open();
            blocker.join();
        } finally {
            one.shutdown();
        }
        assertReported("bad");
    }

    @Test
    void aViewThatUserCodeCompletesLeavesTheFailureUnread() throws InterruptedException {
        Gate gate = new Gate();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> bad =
                    scope.start(
                            "bad",
                            () -> {
                                gate.passUninterruptibly();
                                throw failure;
                            });
            CompletableFuture<String> view = bad.toCompletableFuture();
            gate.awaitReached();
            view.complete("by hand");
            Gate ended = new Gate();
            bad.addDoneCallback(f -> ended.open());
            gate.open();
            ended.pass();
        }
        assertReported("bad");
    }

    @Test
    @Rule(17)
    void aGroupThatFailsWithOneFailureLeavesTheOthersUnread() throws Exception {
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        try (TaskScope scope = leaks.open("unread")) {
            Gate gate = new Gate();
            Task<String> a = failing(scope, "a", first);
            ControlledFuture.awaitDone(a);
            Task<String> b =
                    scope.start(
                            "b",
                            () -> {
                                gate.pass();
                                throw second;
                            });
            assertSame(first, Gather.of(a, b).all().joinOutcome().exceptionOrNull());
            gate.open();
            ControlledFuture.awaitDone(b);
        }
        FailureReport report = only(leaks.takeReports());
        assertSame(second, report.exception());
        assertEquals("b", report.name());
    }

    @Test
    void theFailuresOfASettledGroupStayUnreadInADerivedFuture() throws InterruptedException {
        try (TaskScope scope = leaks.open("scope")) {
            Future<List<Outcome<Object>>> derived =
                    scope.gather(List.of(1), this::fail)
                            .named("group")
                            .settled()
                            .orTimeout(Duration.ofDays(1));
            Gate ended = new Gate();
            derived.addDoneCallback(f -> ended.open());
            ended.pass();
        }
        assertReported("group[0]");
    }

    @Test
    void readingAListOfListsReadsTheFailuresInIt() {
        try (TaskScope scope = leaks.open("scope")) {
            Future<List<Outcome<Object>>> inner =
                    scope.gather(List.of(1), this::fail).named("group").settled();
            List<List<Outcome<Object>>> lists = Gather.of(inner).all().join();
            assertSame(failure, lists.get(0).get(0).exceptionOrNull());
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    void aListenerThatLeavesTheInterruptFlagSetDoesNotEndTheReports() throws InterruptedException {
        TaskScope rude =
                leaks.opened(
                        TaskScope.builder()
                                .name("rude")
                                .failureListener(
                                        report -> {
                                            leaks.listener().onFailure(report);
                                            Thread.currentThread().interrupt();
                                        })
                                .open());
        Promise<String> held = Promise.create();
        held.fail(failure);
        try (rude) {
            for (int round = 0; round < 2; round++) {
                dropAFailedTask(rude, round);
                List<FailureReport> reports = List.of();
                while (reports.isEmpty()) {
                    System.gc();
                    Thread.onSpinWait();
                    reports = leaks.takeReports();
                }
                assertEquals("dropped " + round, reports.get(0).name());
            }
        } finally {
            assertSame(failure, held.exception());
        }
    }

    private void dropAFailedTask(TaskScope scope, int round) throws InterruptedException {
        Gate ended = new Gate();
        scope.start("dropped " + round, () -> fail(round)).addDoneCallback(f -> ended.open());
        ended.pass();
    }

    private Object fail(int item) throws IOException {
        throw failure;
    }

    private void assertReported(String name) {
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(name, reports.get(0).name());
        assertSame(failure, reports.get(0).exception());
    }
}
