package io.github.coro4j.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands in the registry after bodies of each kind of end. */
@Timeout(60)
class MicrometerTaskListenerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerTaskListener listener = new MicrometerTaskListener(registry);

    private TaskScope open(String name) {
        return TaskScope.builder().name(name).taskListener(listener).open();
    }

    private long count(String timer, String scope, String outcome) {
        return registry.get(timer).tags("scope", scope, "outcome", outcome).timer().count();
    }

    private double running(String scope) {
        return registry.get("coro4j.task.running").tag("scope", scope).gauge().value();
    }

    @Test
    void bodiesAreTimedByScopeAndOutcome() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (TaskScope shop = open("shop");
                TaskScope other = open("other")) {
            shop.start(() -> "a").join();
            shop.start(() -> "b").join();
            shop.start(
                            () -> {
                                throw new IOException("boo");
                            })
                    .joinOutcome();
            other.start(() -> "c").join();
            Task<?> stopped =
                    shop.launch(
                            "stopped",
                            () -> {
                                running.countDown();
                                gate.await();
                            });
            running.await();
            shop.start(() -> "the others have been counted").join();
            while (running("shop") > 1) {
                // The end of a body is counted after it can be seen.
                Thread.onSpinWait();
            }
            assertEquals(1, running("shop"));
            stopped.cancelAndJoin("enough");
        }
        assertEquals(3, count("coro4j.task.run", "shop", "success"));
        assertEquals(1, count("coro4j.task.run", "shop", "failure"));
        assertEquals(1, count("coro4j.task.run", "shop", "cancelled"));
        assertEquals(1, count("coro4j.task.run", "other", "success"));
        assertEquals(3, count("coro4j.task.wait", "shop", "success"));
        assertEquals(0, running("shop"));
        assertEquals(0, running("other"));
        assertEquals(
                1,
                registry.get("coro4j.task.cancel.requests").tag("scope", "shop").counter().count());
        assertTrue(
                registry.get("coro4j.task.run")
                                .tags("scope", "shop", "outcome", "cancelled")
                                .timer()
                                .totalTime(TimeUnit.NANOSECONDS)
                        > 0);
    }

    @Test
    void aBodyThatNeverBeganHasWaitedAndNotRun() {
        List<Runnable> queue = new ArrayList<>();
        try (TaskScope scope =
                TaskScope.builder()
                        .name("shop")
                        .executor(queue::add)
                        .taskListener(listener)
                        .open()) {
            scope.launch("load", () -> {}).cancel("not wanted");
        }
        assertEquals(1, count("coro4j.task.wait", "shop", "cancelled"));
        assertEquals(List.of(), List.copyOf(registry.find("coro4j.task.run").timers()));
        assertEquals(List.of(), List.copyOf(registry.find("coro4j.task.running").gauges()));
    }

    @Test
    void madeAsAServiceItCountsInTheGlobalRegistry() {
        Metrics.addRegistry(registry);
        try (TaskScope scope =
                TaskScope.builder()
                        .name("by service")
                        .taskListener(new MicrometerTaskListener())
                        .open()) {
            scope.launch("load", () -> {}).join();
            scope.join();
            assertEquals(1, count("coro4j.task.run", "by service", "success"));
        } finally {
            Metrics.removeRegistry(registry);
        }
    }

    @Test
    void withoutARegistryThereIsNoListener() {
        assertThrows(NullPointerException.class, () -> new MicrometerTaskListener(null));
    }
}
