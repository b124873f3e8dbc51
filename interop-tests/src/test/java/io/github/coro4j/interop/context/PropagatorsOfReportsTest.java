package io.github.coro4j.interop.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.ControlledFuture;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import io.github.coro4j.interop.testing.Trail;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which propagators install the context of a report, how often, and what happens if they throw (R27). */
@Rule(27)
class PropagatorsOfReportsTest extends TenantOfReports {
    // The report comes from the scope of the member, with other propagators than those of the
    // group.
    @Test
    void failurePassedToAnotherScope_isReportedByThePropagatorsThatCapturedIt() throws Exception {
        ThreadLocal<String> user = new ThreadLocal<>();
        TaskScope inner =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(ContextPropagator.of(user))
                                .contextPropagator(ContextPropagator.of(tenant))
                                .failureListener(
                                        report -> {
                                            hear(report);
                                            heard.add("user " + user.get());
                                        })
                                .open());
        try (TaskScope outer = leaks.opened(builder().open());
                inner) {
            Gate gate = new Gate();
            user.set("ann");
            tenant.set("acme");
            Task<String> member =
                    inner.start(
                            "work",
                            () -> {
                                gate.pass();
                                throw boom;
                            });
            Future<?> group = outer.start(() -> Gather.of(member).named("group").all()).join();
            user.remove();
            tenant.set("closer");
            gate.open();
            ControlledFuture.awaitDone(group);
        }
        heard.assertSteps("UNREAD_FAILURE of gather \"group\", acme", "user ann");
    }

    @Test
    void failureThatIsRead_isInstalledForItsBodyOnly() {
        Trail calls = new Trail();
        TaskScope scope =
                leaks.opened(
                        TaskScope.builder()
                                .contextPropagator(new RecordingPropagator("tenant", calls))
                                .failureListener(leaks.listener())
                                .open());
        try (scope) {
            assertSame(boom, scope.start(this::fail).joinOutcome().exceptionOrNull());
        }
        calls.assertSteps("capture tenant", "install tenant", "close tenant");
    }

    // ---- propagators that throw

    private void closeWhilePropagatorBreaksAt(String call) {
        Breaking breaking = new Breaking(new Trail(), new IllegalArgumentException("broken"));
        try (TaskScope scope = leaks.opened(builder().contextPropagator(breaking).open())) {
            tenant.set("acme");
            scope.start("work", this::fail);
            tenant.set("closer");
            scope.join();
            breaking.at = call;
        }
    }

    @Test
    void reportWhoseInstallFails_isGivenWithoutTheContext() {
        closeWhilePropagatorBreaksAt("install");
        heard.assertSteps(
                "PROPAGATOR_FAILED of task \"work\", closer",
                "UNREAD_FAILURE of task \"work\", closer");
        assertEquals("closer", tenant.get());
    }

    @Test
    void reportWhoseCloseFails_isFollowedByThatException() {
        closeWhilePropagatorBreaksAt("close");
        assertEquals("UNREAD_FAILURE of task \"work\", acme", heard.steps().get(0));
        assertEquals("PROPAGATOR_FAILED of task \"work\", acme", heard.steps().get(1));
        assertEquals(2, heard.steps().size());
        assertEquals("closer", tenant.get());
    }

    @Test
    void taskWhoseInstallFails_isReportedWithoutTheContext() {
        Breaking breaking = new Breaking(new Trail(), new IllegalArgumentException("broken"));
        breaking.at = "install";
        try (TaskScope scope = leaks.opened(builder().contextPropagator(breaking).open())) {
            tenant.set("acme");
            scope.start("work", () -> "value");
            tenant.set("closer");
            scope.join();
        }
        heard.assertSteps(
                "PROPAGATOR_FAILED of task \"work\", closer",
                "UNREAD_FAILURE of task \"work\", closer");
    }

    // ---- races

    // Whichever of the reader and the close comes first, a report has the context of the task.
    @Test
    void reportBesideAReader_hasItsContext() {
        Race.rounds(
                500,
                (race, random) -> {
                    Trail reports = new Trail();
                    TaskScope scope =
                            builder().failureListener(r -> reports.add(tenant.get())).open();
                    tenant.set("acme");
                    Task<String> task = scope.start("work", this::fail);
                    tenant.remove();
                    race.run(
                            random,
                            () -> {
                                scope.close();
                                return true;
                            },
                            () -> task.isDone() && task.exception() != null);
                    assertFalse(scope.isOpen());
                    assertEquals(
                            reports.steps().isEmpty() ? List.of() : List.of("acme"),
                            reports.steps());
                    task.joinOutcome();
                });
    }
}
