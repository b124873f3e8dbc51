package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.RateLimiter;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/guide/recipes.md that are not in tests of other pages are regions of this class. */
class RecipesGuideTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Trail trail = new Trail();
    private final Gate held = new Gate();
    private final BlockingQueue<String> nextOrders = new LinkedBlockingQueue<>();
    private final Button stopButton = new Button();

    // ---- Retry

    @Test
    void failsafe_triesAgain() {
        try (TaskScope scope = leaks.open("app")) {
            nextOrders.addAll(List.of("broken", "book"));
            assertEquals("book", price(scope).join());
        }
        trail.assertSteps("handled book");
    }

    @Test
    void aCancelThatLooksLikeAFailure_endsTheAttempts() {
        try (TaskScope scope = leaks.open("app")) {
            nextOrders.addAll(List.of("held", "book"));
            Task<String> price = price(scope);
            held.awaitReached();
            assertTrue(price.cancelAndJoin("enough").isCancelled());
        }
        trail.assertSteps();
        assertEquals(1, nextOrders.size());
    }

    private Task<String> price(TaskScope scope) {
        // region Retry
        RetryPolicy<Object> threeTimes =
                RetryPolicy.builder()
                        .handle(IOException.class)
                        .withMaxAttempts(3)
                        .withBackoff(Duration.ofMillis(20), Duration.ofSeconds(1))
                        .build();
        Task<String> price =
                scope.start(
                        "price",
                        () -> {
                            try {
                                return Failsafe.with(threeTimes)
                                        .get(
                                                () -> {
                                                    Task.checkCancelled();
                                                    return ask();
                                                });
                            } catch (FailsafeException e) {
                                throw e.getCause() instanceof Exception cause ? cause : e;
                            }
                        });
        // endregion
        return price;
    }

    private String ask() throws IOException {
        String order = nextOrders.remove();
        handle(order);
        return order;
    }

    // ---- Rate limit

    @Test
    void aRateLimit_letsEachCallThrough() {
        try (TaskScope scope = leaks.open("app")) {
            assertEquals(List.of("page a", "page b"), pages(scope, 1_000).join());
        }
    }

    @Test
    void aCancel_endsTheWaitForTheRateLimit() {
        try (TaskScope scope = leaks.open("app")) {
            Future<List<String>> pages = pages(scope, 0.000_1);
            trail.await("loaded"); // the other body must wait for hours
            stopButton.click();
            assertTrue(pages.joinOutcome().isCancelled());
        }
        trail.assertSteps("loaded");
    }

    private Future<List<String>> pages(TaskScope scope, double callsPerSecond) {
        List<String> urls = List.of("a", "b");
        // region Rate limit
        RateLimiter limiter = RateLimiter.create(callsPerSecond);
        Future<List<String>> pages =
                scope.gather(
                                urls,
                                url -> {
                                    while (!limiter.tryAcquire()) {
                                        Task.sleep(Duration.ofMillis(10)).join();
                                    }
                                    return load(url);
                                })
                        .concurrency(4)
                        .failFast();
        stopButton.onClick(() -> pages.cancel("stopped by the user"));
        // endregion
        return pages;
    }

    private String load(String url) {
        trail.add("loaded");
        return "page " + url;
    }

    // ---- Consumer of a queue

    @Test
    void aConsumer_goesOnAfterAFailure_andStopsWhileItWaits() {
        BlockingQueue<String> orders = new LinkedBlockingQueue<>(List.of("broken", "book"));
        try (TaskScope scope = leaks.open("app")) {
            Task<Void> consumer = consumer(scope, orders);
            trail.await("handled book");
            assertTrue(consumer.cancelAndJoin("the application stops").isCancelled());
        }
        trail.assertSteps("broken: no answer", "handled book");
    }

    @Test
    void aConsumer_stopsAfterAnInterruptThatLooksLikeAFailure() {
        BlockingQueue<String> orders = new LinkedBlockingQueue<>(List.of("held", "book"));
        try (TaskScope scope = leaks.open("app")) {
            Task<Void> consumer = consumer(scope, orders);
            held.awaitReached();
            assertTrue(consumer.cancelAndJoin("the application stops").isCancelled());
        }
        trail.assertSteps("held: interrupted");
    }

    private Task<Void> consumer(TaskScope scope, BlockingQueue<String> orders) {
        // region Consumer of a queue
        Task<Void> consumer =
                scope.launch(
                        "consumer",
                        () -> {
                            while (true) {
                                Task.checkCancelled();
                                String order = orders.take();
                                try {
                                    handle(order);
                                } catch (IOException failed) {
                                    log(order, failed);
                                }
                            }
                        });
        // endregion
        return consumer;
    }

    private void handle(String order) throws IOException {
        if (order.equals("broken")) throw new IOException("no answer");
        if (order.equals("held")) {
            try {
                held.pass();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted"); // without the interrupt flag
            }
        }
        trail.add("handled " + order);
    }

    private void log(String order, IOException failed) {
        trail.add(order + ": " + failed.getMessage());
    }

    // ---- A library for Kotlin and Java

    @Test
    void aLibraryInKotlin_isCalledFromJava() {
        try (TaskScope scope = leaks.open("app")) {
            Rates rates = RatesTestKt.fixedRates(scope);
            // region A library for Kotlin and Java
            double euro = rates.rateOf("EUR").join();
            // endregion
            assertEquals(1.25, euro);
        }
    }

    private static final class Button {
        private Runnable action = () -> {};

        void onClick(Runnable action) {
            this.action = action;
        }

        void click() {
            action.run();
        }
    }
}
