package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures are reported under the name of their group, and children are named after the group (R16, R17). */
class GatherReportTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @ParameterizedTest
    @EnumSource(names = "SETTLED", mode = EnumSource.Mode.EXCLUDE)
    void anUnreadFailingGroupIsReportedOnceUnderItsName(Policy policy) {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("report")) {
            policy.start(
                    scope.gather(
                                    List.of(1),
                                    i -> {
                                        throw boom;
                                    })
                            .named("pages"));
            scope.join();
        }
        assertReported("pages", boom);
    }

    // The group belongs to the scope of the task that made it.
    @ParameterizedTest
    @EnumSource(names = "SETTLED", mode = EnumSource.Mode.EXCLUDE)
    @Rule(16)
    void anUnreadGroupOverExistingFuturesIsReportedToTheScopeOfItsMaker(Policy policy) {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("report")) {
            scope.launch(
                    "maker",
                    () -> {
                        Task<String> child =
                                Task.start(
                                        "child",
                                        () -> {
                                            throw boom;
                                        });
                        policy.start(Gather.of(child).named("pages"));
                    });
            scope.join();
        }
        assertReported("pages", boom);
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatWasReadIsNotReported(Policy policy) {
        try (TaskScope scope = leaks.open("report")) {
            policy.start(
                            scope.gather(
                                            List.of(1),
                                            i -> {
                                                throw new IOException("boom");
                                            })
                                    .named("pages"))
                    .joinOutcome();
        }
        assertEquals(List.of(), leaks.takeReports());
    }

    // The test has read the failure of the child, but not the same failure of the group.
    @Test
    @Rule(17)
    void readingTheChildDoesNotReadTheFailureOfTheGroup() {
        IOException boom = new IOException("boom");
        try (TaskScope scope = leaks.open("report")) {
            Task<String> child =
                    scope.start(
                            "child",
                            () -> {
                                throw boom;
                            });
            assertSame(boom, child.joinOutcome().exceptionOrNull());
            scope.launch("maker", () -> Gather.of(child).named("unread").all()).join();
        }
        assertReported("unread", boom);
    }

    // A plan of bodies names its children as a plan of items does.
    @ParameterizedTest
    @EnumSource
    void bodiesAreNamedByTheirIndex(Policy policy) {
        Callable<String> body = () -> Task.current().name();
        try (TaskScope scope = leaks.open("names")) {
            Gather<String> plan = scope.gather(List.of(body, body)).concurrency(1).named("pages");
            assertEquals(List.of("pages[0]", "pages[1]"), Policy.valuesOf(policy.start(plan)));
        }
    }

    @Test
    void childrenOfItemsAreNamedByTheirIndex() {
        Set<String> names = new TreeSet<>();
        try (TaskScope scope = leaks.open("names")) {
            names.addAll(
                    scope.gather(List.of("a", "b", "c"), item -> Task.current().name())
                            .concurrency(2)
                            .named("pages")
                            .all()
                            .join());
        }
        assertEquals(Set.of("pages[0]", "pages[1]", "pages[2]"), names);
    }

    @Test
    void withoutANameAGroupIsCalledGatherAndANumber() {
        try (TaskScope scope = leaks.open("names")) {
            String first = scope.gather(List.of(1), i -> Task.current().name()).all().join().get(0);
            String second =
                    scope.gather(List.of(1), i -> Task.current().name()).all().join().get(0);
            assertTrue(first.matches("gather-\\d+\\[0]"), first);
            assertTrue(second.matches("gather-\\d+\\[0]"), second);
            assertTrue(!first.equals(second), "two groups, one name: " + first);
        }
    }

    @Test
    void bodiesOfAPlanRunInTheScopeThatMadeIt() {
        try (TaskScope scope = leaks.open("names")) {
            List<TaskScope> scopes =
                    scope.gather(List.of(1, 2), i -> Task.current().scope()).all().join();
            assertSame(scope, scopes.get(0));
            assertSame(scope, scopes.get(1));
        }
    }

    @Test
    @Rule(13)
    void aThrowingCallbackIsReportedUnderTheGroupsName() throws InterruptedException {
        IllegalStateException bad = new IllegalStateException("bad callback");
        Trail trail = new Trail();
        try (TaskScope scope = leaks.open("report")) {
            Future<List<Integer>> group = scope.gather(List.of(1), i -> i).named("pages").all();
            group.addDoneCallback(
                    f -> {
                        throw bad;
                    });
            group.addDoneCallback(f -> trail.add("the next one ran"));
            trail.await("the next one ran");
            FailureReport report = leaks.awaitReports(1).get(0);
            assertEquals(FailureReport.Kind.CALLBACK_FAILED, report.kind());
            assertEquals("pages", report.name());
            assertSame(bad, report.exception());
            assertEquals(List.of(1), group.join());
        }
    }

    private void assertReported(String name, Throwable exception) {
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports::toString);
        assertEquals(FailureReport.Kind.UNREAD_FAILURE, reports.get(0).kind());
        assertEquals(name, reports.get(0).name());
        assertSame(exception, reports.get(0).exception());
    }
}
