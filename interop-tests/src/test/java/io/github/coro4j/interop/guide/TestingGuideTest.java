package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The snippets of docs/guide/testing.md are regions of this class, of CheckoutTest and of TestingGuideTests.kt. */
class TestingGuideTest {
    @Coro4jTest
    void aBodyThatIsMeantToBlock(TestScope scope) {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        Duration limit = Duration.ofMinutes(5);
        // region A body that is not idle
        Task<String> consumer = scope.start("consumer", queue::take);
        scope.ignore(consumer); // It blocks in a queue, which Coro4j cannot see.
        scope.advanceBy(limit);
        // endregion
        assertEquals(limit, scope.currentTime());
        queue.add("order");
        assertEquals("order", consumer.join());
    }

    @Coro4jTest
    void codeThatAsksForADate(TestScope scope) {
        // region Dates
        Clock clock = scope.clock(); // Give it to code that takes a java.time.Clock.
        scope.advanceBy(Duration.ofDays(1));
        assertEquals("2026-01-02T00:00:00Z", clock.instant().toString());
        // endregion
    }

    /** Sells the last item twice if another body runs between its two steps. */
    private static final class Stock {
        private int left = 1;

        boolean sell() {
            if (left == 0) return false;
            Task.start("audit", () -> "sold").join();
            left--;
            return true;
        }
    }

    /** Run by the test below only, because some of its runs fail. */
    static class SellingTest {
        // region Orders of bodies
        @Coro4jTest(seeds = 100) // in place of @Test
        void neverSellsTwice(TestScope scope) {
            Stock stock = new Stock();
            scope.start("Ann", stock::sell);
            scope.start("Bob", stock::sell);
            scope.advanceUntilIdle();
            assertEquals(0, stock.left);
        }
        // endregion
    }

    @Test
    void someOrdersSellTwice() {
        long failed =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(
                                selectMethod(SellingTest.class, "neverSellsTwice", TestScope.class))
                        .execute()
                        .testEvents()
                        .failed()
                        .count();
        assertTrue(failed > 0 && failed < 100, failed + " of 100 runs failed");
    }

    @Coro4jTest
    void codeThatBlocksTheTestThread(TestScope scope) {
        // region Code that blocks the test thread
        Task<String> page = scope.start("page", () -> TaskScope.run("page", this::render));
        scope.advanceUntilIdle();
        assertEquals("<html>", page.join());
        // endregion
    }

    private String render(TaskScope scope) {
        Task.sleep(Duration.ofSeconds(2)).join();
        return "<html>";
    }
}
