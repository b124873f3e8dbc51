package io.github.coro4j.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gauges of a limit follow its permits and its queue. */
@Timeout(60)
class MicrometerLimitsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConcurrencyLimit limit = ConcurrencyLimit.of("backend", 1);

    private double gauge(String name) {
        return registry.get(name).tag("limit", "backend").gauge().value();
    }

    @Test
    void theGaugesFollowTheLimit() {
        MicrometerLimits.bind(registry, limit);
        CountDownLatch gate = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.open("shop")) {
            Task<Integer> first =
                    limit.start(
                            scope,
                            () -> {
                                gate.await();
                                return 1;
                            });
            Task<Integer> second = limit.start(scope, () -> 2);
            assertEquals(1, gauge("coro4j.limit.capacity"));
            assertEquals(1, gauge("coro4j.limit.in.use"));
            assertEquals(1, gauge("coro4j.limit.queued"));
            gate.countDown();
            first.join();
            second.join();
            assertEquals(0, gauge("coro4j.limit.queued"));
        }
    }

    @Test
    void badInputIsRefused() {
        assertTrue(
                assertThrows(NullPointerException.class, () -> MicrometerLimits.bind(null, limit))
                        .getMessage()
                        .startsWith("registry must not be null"));
        assertTrue(
                assertThrows(
                                NullPointerException.class,
                                () -> MicrometerLimits.bind(registry, null))
                        .getMessage()
                        .startsWith("limit must not be null"));
    }
}
