package io.github.coro4j.interop.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Race;
import io.github.coro4j.interop.testing.Rule;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R31: if a cancel meets the return of the body, then the task and its work end in the same way. */
class CancelAgainstReturnTest {
    private static final int ROUNDS = 1_000;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @Test
    @Rule(31)
    void taskIsCancelled_ifAndOnlyIfItsWorkIs() throws Exception {
        try (TaskScope scope = leaks.open("app")) {
            Race.rounds(
                    ROUNDS,
                    (race, random) -> {
                        Gate work = new Gate();
                        CountDownLatch go = new CountDownLatch(1);
                        Promise<Future<?>> started = Promise.create();
                        Task<?> page =
                                scope.launch(
                                        "page",
                                        () -> {
                                            started.complete(scope.launch("load", work::pass));
                                            while (go.getCount() > 0) {
                                                Thread.onSpinWait();
                                            }
                                        });
                        Future<?> load = started.join();
                        race.run(
                                random,
                                () -> {
                                    go.countDown();
                                    return page.joinOutcome();
                                },
                                () -> page.cancel("stop"));
                        boolean isCancelled = page.isCancelled();
                        if (isCancelled) {
                            assertTrue(load.isDone());
                        }
                        work.open();
                        assertEquals(isCancelled, load.joinOutcome().isCancelled());
                    });
        }
    }
}
