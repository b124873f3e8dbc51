package io.github.coro4j.interop.observe;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thread reads a failure while another thread closes its scope (R16). */
class ReadAgainstCloseTest {
    private static final int ROUNDS = 3_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule({16, 23})
    void aReaderDoesNotDisturbTheCloseAndTheFailureIsReportedAtMostOnce() {
        IOException broken = new IOException("broken");
        Race.rounds(
                ROUNDS,
                (race, random) -> {
                    TaskScope scope = leaks.open("closing");
                    Task<String> task =
                            scope.start(
                                    () -> {
                                        throw broken;
                                    });
                    scope.join();
                    race.<Object>run(
                            random,
                            task::exception,
                            () -> {
                                scope.close();
                                return null;
                            });
                    List<FailureReport> reports = leaks.takeReports();
                    assertTrue(reports.size() <= 1, reports::toString);
                    assertSame(broken, task.exception());
                });
    }
}
