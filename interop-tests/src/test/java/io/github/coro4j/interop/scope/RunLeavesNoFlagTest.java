package io.github.coro4j.interop.scope;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.coro4j.Promise;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A wait that a cancel ends sets the interrupt flag for its body, and the caller's thread does not keep it (R5). */
class RunLeavesNoFlagTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    @RepeatedTest(20)
    @Rule(5)
    void aCancelAtTheEndOfTheMainBodyLeavesNoFlag() throws Exception {
        for (int round = 0; round < 50; round++) {
            AtomicReference<TaskScope> opened = new AtomicReference<>();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread canceller =
                    new Thread(
                            () -> {
                                try {
                                    start.await();
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                                opened.get().cancel("enough");
                            });
            canceller.start();
            Promise<Integer> never = Promise.create();
            assertThrows(
                    CancellationException.class,
                    () ->
                            TaskScope.run(
                                    "main",
                                    scope -> {
                                        opened.set(scope);
                                        start.await();
                                        return never.join();
                                    }));
            canceller.join();
            assertFalse(Thread.interrupted());
        }
    }
}
