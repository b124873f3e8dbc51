package io.github.coro4j.interop.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.End;
import io.github.coro4j.interop.testing.FutureKind;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R8: a shield ends as its source does, and its cancellation does not reach the source. */
class ShieldTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    @Rule(8)
    void cancellingAShieldEndsItAtOnceAndLeavesTheSourceAlone(FutureKind kind) {
        try (TaskScope scope = leaks.open("shield")) {
            ControlledFuture subject = kind.in(scope);
            Future<Object> shield = subject.future().shield();
            assertNotSame(subject.future(), shield);

            assertTrue(shield.cancel("left"));

            assertTrue(shield.isDone());
            assertTrue(shield.isCancelled());
            assertFalse(subject.future().isCancelling());
            assertFalse(subject.future().isDone());
            subject.succeed("value");
            assertEquals(subject.valueFor("value"), subject.future().join());
            assertEquals(
                    "left",
                    assertInstanceOf(TaskCancelledException.class, shield.exception()).reason());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule(8)
    void aShieldOfADoneFutureIsThatFuture(FutureKind kind) {
        for (End end : End.values()) {
            try (TaskScope scope = leaks.open("shield")) {
                ControlledFuture subject = kind.in(scope);
                end.bring(subject);
                subject.future().joinOutcome();
                assertSame(subject.future(), subject.future().shield());
                subject.succeed("value");
            }
        }
    }

    @Test
    @Rule(8)
    void aShieldPassesEveryEndThrough() {
        IOException broken = new IOException("broken");
        try (TaskScope scope = leaks.open("shield")) {
            Promise<String> succeeds = FutureKind.promiseIn(scope);
            Promise<String> fails = FutureKind.promiseIn(scope);
            Promise<String> cancelled = FutureKind.promiseIn(scope);
            Future<String> value = succeeds.shield();
            Future<String> failure = fails.shield();
            Future<String> cancellation = cancelled.shield();

            succeeds.complete("value");
            fails.fail(broken);
            cancelled.cancel("by other code");

            assertEquals("value", value.join());
            assertSame(broken, failure.joinOutcome().exceptionOrNull());
            assertInstanceOf(Outcome.Cancelled.class, cancellation.joinOutcome());
            assertSame(cancelled.exception(), cancellation.exception());
        }
    }

    @Test
    @Rule(16)
    void failureAfterACancelOfTheShield_isReportedOnceForTheSource() throws Exception {
        IOException failure = new IOException("broken");
        try (TaskScope scope = leaks.open("shield")) {
            Gate gate = new Gate();
            Task<String> source =
                    scope.start(
                            "source",
                            () -> {
                                gate.pass();
                                throw failure;
                            });
            Future<String> shield = source.shield();
            shield.cancel("left");
            gate.open();
            ControlledFuture.awaitDone(source);
        }
        FailureReport report = only(leaks.takeReports());
        assertSame(failure, report.exception());
        assertEquals("source", report.name());
    }

    @Test
    @Rule(16)
    void unreadFailureOfAShield_isReportedOnce() throws Exception {
        IOException failure = new IOException("broken");
        Future<String> shield;
        try (TaskScope scope = leaks.open("shield")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            shield = source.shield();
            source.fail(failure);
            ControlledFuture.awaitDone(shield);
        }
        FailureReport report = only(leaks.takeReports());
        assertSame(failure, report.exception());
        assertTrue(shield.toString().contains(report.name()), report.name());
    }

    @Test
    @Rule(8)
    void successAfterACancelOfTheShield_isNotReported() {
        try (TaskScope scope = leaks.open("shield")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            source.shield().cancel("left");
            source.complete("value");
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    @Test
    @Rule(8)
    void shieldedWorkFollowsItsScope() {
        Task<Void> task;
        Future<Void> shield;
        try (TaskScope scope = leaks.open("shield")) {
            Gate gate = new Gate();
            task = scope.launch("work", gate::pass);
            gate.awaitReached();
            shield = task.shield();
        }
        assertTrue(task.isCancelled());
        assertInstanceOf(Outcome.Cancelled.class, shield.joinOutcome());
    }

    @Test
    @Rule(8)
    void cancelOfOneShield_doesNotCancelTheOther() {
        try (TaskScope scope = leaks.open("shield")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            Future<String> one = source.shield();
            Future<String> two = source.shield();
            one.cancel("left");
            source.complete("value");
            assertEquals("value", two.join());
            assertTrue(one.isCancelled());
        }
    }

    @Test
    @Rule(8)
    void cancelledShield_isNotKeptByItsSource() {
        try (TaskScope scope = leaks.open("shield")) {
            Promise<String> source = FutureKind.promiseIn(scope);
            WeakReference<Future<String>> left = leave(source);

            while (left.get() != null) {
                System.gc();
            }
            source.complete("value");
        }
    }

    @Test
    @Rule(1)
    void cancelOfTheShieldAndEndOfTheSource_agree() {
        try (TaskScope scope = leaks.open("race")) {
            Race.rounds(
                    300,
                    (race, random) -> {
                        Promise<String> source = FutureKind.promiseIn(scope);
                        Future<String> shield = source.shield();
                        List<Boolean> answers =
                                race.run(
                                        random,
                                        () -> source.complete("value"),
                                        () -> shield.cancel("raced"));
                        assertTrue(
                                answers.get(0), "a cancel of the shield does not reach the source");
                        assertEquals(
                                answers.get(1), shield.joinOutcome() instanceof Outcome.Cancelled);
                        assertEquals("value", source.result());
                    });
        }
    }

    private static WeakReference<Future<String>> leave(Promise<String> source) {
        Future<String> shield = source.shield();
        shield.cancel("left");
        return new WeakReference<>(shield);
    }

    private static FailureReport only(List<FailureReport> reports) {
        assertEquals(1, reports.size(), reports.toString());
        return reports.get(0);
    }
}
