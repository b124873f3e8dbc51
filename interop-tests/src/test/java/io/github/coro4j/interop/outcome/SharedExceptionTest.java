package io.github.coro4j.interop.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An exception belongs to the user. The engine attaches a bounded number of failures to it, and none of other requests. */
@Rule(17)
class SharedExceptionTest {
    private static final int MOST_ATTACHED = 32;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final RuntimeException shared = new IllegalStateException("connection closed");

    /** Runs a group whose first member fails with the shared exception, and the second with an exception of its own. */
    private Throwable request(TaskScope scope, String name) {
        Exception own = new Exception(name);
        Promise<Integer> first = Promise.create();
        Promise<Integer> second = Promise.create();
        Future<Integer> group = Gather.of(first, second).firstSuccess();
        first.fail(shared);
        second.fail(own);
        assertSame(shared, group.joinOutcome().exceptionOrNull());
        return own;
    }

    @Test
    void failureOfALaterRequest_isNotAttachedToASharedException() {
        List<Throwable> later = new ArrayList<>();
        try (TaskScope scope = leaks.open("requests")) {
            scope.start(
                            () -> {
                                request(scope, "first");
                                for (int i = 0; i < 100; i++) {
                                    later.add(request(scope, "request " + i));
                                }
                                return null;
                            })
                    .join();
        }
        assertEquals(1, shared.getSuppressed().length);
        assertEquals("first", shared.getSuppressed()[0].getMessage());
        assertEquals(identities(later), identities(exceptions(leaks.takeReports())));
    }

    @Test
    void failureAfterAReadOfTheSharedException_isReported() {
        Throwable own;
        try (TaskScope scope = leaks.open("requests")) {
            scope.start(() -> thrown(shared)).joinOutcome();
            Throwable[] made = new Throwable[1];
            scope.start(() -> made[0] = request(scope, "second")).join();
            own = made[0];
        }
        assertEquals(0, shared.getSuppressed().length);
        assertEquals(identities(List.of(own)), identities(exceptions(leaks.takeReports())));
    }

    @Test
    void twoGroupsOfOneFailedFuture_onlyTheFirstAttachesItsFailure() {
        Exception first = new Exception("first");
        Exception second = new Exception("second");
        try (TaskScope scope = leaks.open("requests")) {
            Task<Object> failed = scope.start(() -> thrown(shared));
            failed.joinOutcome();
            for (Exception each : List.of(first, second)) {
                Task<Object> other = scope.start("other", () -> thrown(each));
                scope.join();
                Gather.of(failed, other).firstSuccess().joinOutcome();
            }
        }
        assertEquals(List.of(first), List.of(shared.getSuppressed()));
        assertEquals(identities(List.of(second)), identities(exceptions(leaks.takeReports())));
    }

    @Test
    void aCancelledBodyAttachesNothingToASharedException() {
        try (TaskScope scope = leaks.open("requests")) {
            for (int i = 0; i < 10; i++) {
                Gate work = new Gate();
                Task<Object> task =
                        scope.start(
                                () -> {
                                    try {
                                        work.pass();
                                    } catch (InterruptedException e) {
                                        // The body throws below.
                                    }
                                    throw shared;
                                });
                work.awaitReached();
                assertSame(shared, task.cancelAndJoin("request " + i).exceptionOrNull());
            }
        }
        assertTrue(shared.getSuppressed().length <= 1);
    }

    @Test
    void callSitesAreNotAttachedToASharedException() {
        try (TaskScope scope = leaks.open("requests")) {
            for (int i = 0; i < 10; i++) {
                Suspend.call(
                                scope,
                                continuation -> {
                                    throw shared;
                                })
                        .joinOutcome();
            }
        }
        assertTrue(shared.getSuppressed().length <= 1);
    }

    @Test
    void aLargeGroupAttachesABoundedNumberAndReportsTheOthers() {
        List<Exception> all =
                IntStream.range(0, 100).mapToObj(i -> new Exception("e" + i)).toList();
        Throwable surfaced;
        try (TaskScope scope = leaks.open("requests")) {
            surfaced =
                    scope.gather(all, each -> thrown(each))
                            .firstSuccess()
                            .joinOutcome()
                            .exceptionOrNull();
        }
        List<Throwable> seen = new ArrayList<>(List.of(surfaced.getSuppressed()));
        assertEquals(MOST_ATTACHED, seen.size());
        seen.add(surfaced);
        seen.addAll(exceptions(leaks.takeReports()));
        assertEquals(all.size(), seen.size());
        assertEquals(identities(all), identities(seen));
    }

    @Test
    void exceptionCausedByTheFailure_isNotAttachedToIt() {
        Exception around = new Exception("around", shared);
        try (TaskScope scope = leaks.open("requests")) {
            scope.start(
                            () -> {
                                Promise<Object> first = Promise.create();
                                Promise<Object> second = Promise.create();
                                Future<Object> group = Gather.of(first, second).firstSuccess();
                                first.fail(shared);
                                second.fail(around);
                                return group.joinOutcome().exceptionOrNull();
                            })
                    .join();
        }
        assertEquals(0, shared.getSuppressed().length);
        assertEquals(identities(List.of(around)), identities(exceptions(leaks.takeReports())));
    }

    @Test
    void sameExceptionOfTwoMembers_isThrownOnce() {
        try (TaskScope scope = leaks.open("requests")) {
            Future<?> group = scope.gather(List.of(1, 2), item -> thrown(shared)).firstSuccess();
            assertSame(shared, group.joinOutcome().exceptionOrNull());
        }
        assertEquals(0, shared.getSuppressed().length);
        assertEquals(List.of(), leaks.takeReports());
    }

    private static Object thrown(Exception exception) throws Exception {
        throw exception;
    }

    private static List<Throwable> exceptions(List<FailureReport> reports) {
        return reports.stream().map(FailureReport::exception).toList();
    }

    private static Set<Throwable> identities(List<? extends Throwable> exceptions) {
        Set<Throwable> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(exceptions);
        return all;
    }
}
