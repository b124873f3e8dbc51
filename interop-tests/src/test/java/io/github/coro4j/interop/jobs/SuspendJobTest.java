package io.github.coro4j.interop.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.coroutines.Suspend;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The job of docs/jobs.md with suspend functions, from Java. */
class SuspendJobTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final StopButton stopButton = new StopButton();
    private final HoldingUsers users = new HoldingUsers();

    @Test
    @Rule({20, 22})
    void suspendFunctions_areStopped() {
        List<Integer> ids = List.of(1, 2, 3, 4, 5, 6);
        try (TaskScope scope = leaks.open("app")) {
            // region 8. Suspend functions for a list of items
            Future<List<String>> names =
                    Suspend.<Integer, String>gather(scope, ids, (id, c) -> users.load(id, c))
                            .concurrency(2)
                            .failFast();
            stopButton.onClick(() -> names.cancel("stopped by the user"));
            // endregion
            users.awaitHeld(2);
            stopButton.click();
            assertTrue(names.joinOutcome().isCancelled());
            assertEquals(List.of(3, 4), users.stopped());
        }
        assertEquals(4, users.calls());
    }
}
