package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskCancelledException;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code settled()} gives every outcome as a value, once the last child has ended (R17). */
class GatherSettledTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource
    void everyOutcomeIsInItsPlaceOnceTheLastChildHasEnded(Origin origin) {
        IOException boom = new IOException("boom");
        Gate fail = new Gate();
        Gate slow = new Gate();
        Gate never = new Gate();
        try (TaskScope scope = leaks.open("settled")) {
            Future<List<Outcome<String>>> group =
                    origin.plan(
                                    scope,
                                    Bodies.throwing(boom, fail),
                                    Bodies.returning("slow", slow),
                                    Bodies.returning("never", never))
                            .settled();
            fail.awaitReached();
            slow.awaitReached();
            never.awaitReached();
            Task<?> failing = Origin.child(0, scope);
            Task<?> stopped = Origin.child(2, scope);
            fail.open();
            failing.joinOutcome();
            stopped.cancelAndJoin("not wanted");
            assertFalse(group.isDone());

            slow.open();
            List<Outcome<String>> list = group.join();
            assertEquals(
                    List.of(failing.outcome(), new Outcome.Success<>("slow"), stopped.outcome()),
                    list);
            assertSame(boom, list.get(0).exceptionOrNull());
            assertInstanceOf(Outcome.Cancelled.class, list.get(2));
            assertSame(stopped.exception(), list.get(2).exceptionOrNull());
            assertEquals("not wanted", reasonOf(list.get(2)));
            assertNull(group.exception());
        }
    }

    // Promises and futures that were cancelled from the start keep their reasons too.
    @Test
    void everyKindOfChildKeepsItsReason() {
        Promise<String> promise = Promise.create();
        promise.cancel("promise not wanted");
        Future<String> done = Future.cancelled("never wanted");
        List<Outcome<String>> list = Gather.of(promise, done).settled().join();
        assertEquals("promise not wanted", reasonOf(list.get(0)));
        assertEquals("never wanted", reasonOf(list.get(1)));
    }

    // An inner group does not inherit the policy.
    @Test
    void aFailedInnerGroupIsOneFailure() {
        IOException boom = new IOException("boom");
        Promise<String> failing = Promise.create();
        Future<List<String>> inner = Gather.of(Future.completed("a"), failing).all();
        Future<List<Outcome<List<String>>>> outer =
                Gather.of(inner, Gather.of(Future.completed("b")).all()).settled();
        failing.fail(boom);
        List<Outcome<List<String>>> list = outer.join();
        assertSame(boom, list.get(0).exceptionOrNull());
        assertEquals(List.of("b"), list.get(1).valueOrThrow());
    }

    @Test
    void aGroupWhoseChildrenAllFailSucceeds() {
        IOException first = new IOException("first");
        LinkageError second = new LinkageError("second");
        try (TaskScope scope = leaks.open("settled")) {
            List<Outcome<String>> list =
                    scope.<Integer, String>gather(
                                    List.of(1, 2),
                                    i -> {
                                        if (i == 1) {
                                            throw first;
                                        }
                                        throw second;
                                    })
                            .named("bad")
                            .settled()
                            .join();
            assertSame(first, list.get(0).exceptionOrNull());
            assertSame(second, list.get(1).exceptionOrNull());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Rule({16, 17})
    void failuresInAnUnreadListAreReportedUnderTheChildsName(Origin origin) {
        IOException boom = new IOException("boom");
        Gate gate = new Gate();
        gate.open();
        try (TaskScope scope = leaks.open("settled")) {
            Future<List<Outcome<String>>> group =
                    origin.plan(scope, Bodies.returning("a", gate), Bodies.throwing(boom, gate))
                            .settled();
            awaitEnd(group);
            assertTrue(group.isDone());
            assertFalse(group.isCancelled());
            assertFalse(group.isCancelling());
            assertTrue(group.toString().contains(Origin.GROUP), group::toString);
        }
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
        assertEquals(Origin.nameOf(1), reports.get(0).name());
        assertSame(boom, reports.get(0).exception());
    }

    static Stream<Named<Function<Future<?>, Object>>> readers() {
        return Stream.of(
                Named.of("join", Future::join),
                Named.of("joinOutcome", Future::joinOutcome),
                Named.of(
                        "get",
                        future -> {
                            try {
                                return future.get();
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        }),
                Named.of(
                        "timed get",
                        future -> {
                            try {
                                return future.get(1, TimeUnit.DAYS);
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        }),
                Named.of(
                        "result",
                        future -> {
                            awaitEnd(future);
                            return future.result();
                        }),
                Named.of(
                        "outcome",
                        future -> {
                            awaitEnd(future);
                            return future.outcome();
                        }),
                Named.of("map", future -> future.map(list -> "read").join()));
    }

    @ParameterizedTest
    @MethodSource("readers")
    @Rule(16)
    void readingTheListReadsTheFailures(Function<Future<?>, Object> reader) {
        Gate gate = new Gate();
        gate.open();
        for (Origin origin : Origin.values()) {
            try (TaskScope scope = leaks.open("settled")) {
                IOException boom = new IOException("boom");
                reader.apply(origin.plan(scope, Bodies.throwing(boom, gate)).settled());
            }
            assertEquals(List.of(), leaks.takeReports(), origin.name());
        }
    }

    // The list may pass through any number of groups and derived futures.
    @Test
    @Rule(16)
    void readingAListReadsTheListsInIt() {
        List<Function<Future<?>, Future<?>>> ways =
                List.of(
                        settled -> Gather.of(settled).all(),
                        settled -> Gather.of(Gather.of(settled).all()).all(),
                        settled -> Gather.of(Gather.of(settled).failFast()).settled(),
                        settled -> Gather.of(settled).all().shield(),
                        settled -> Gather.of(settled).all().orTimeout(Duration.ofDays(1)),
                        settled -> Future.completed(0).flatMap(x -> Gather.of(settled).all()));
        for (Function<Future<?>, Future<?>> way : ways) {
            try (TaskScope scope = leaks.open("settled")) {
                Task<String> failing =
                        scope.start(
                                "failing",
                                () -> {
                                    throw new IOException("boom");
                                });
                way.apply(Gather.of(failing).settled()).join();
            }
            assertEquals(List.of(), leaks.takeReports(), "way " + ways.indexOf(way));
        }
    }

    @Test
    void readingOneOfTwoListsReadsTheFailures() {
        try (TaskScope scope = leaks.open("settled")) {
            Task<String> failing =
                    scope.start(
                            "failing",
                            () -> {
                                throw new IOException("boom");
                            });
            Gather<String> plan = Gather.of(failing);
            Future<List<Outcome<String>>> unread = plan.settled();
            assertEquals(1, plan.settled().join().size());
            awaitEnd(unread);
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    private static String reasonOf(Outcome<?> outcome) {
        return assertInstanceOf(TaskCancelledException.class, outcome.exceptionOrNull()).reason();
    }

    /** Waits without reading. */
    private static void awaitEnd(Future<?> future) {
        Gate done = new Gate();
        future.addDoneCallback(f -> done.passUninterruptibly());
        done.awaitReached();
        done.open();
    }
}
