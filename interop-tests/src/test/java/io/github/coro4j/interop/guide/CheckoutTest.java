package io.github.coro4j.interop.guide;

// region The first test
import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@Coro4jTest
class CheckoutTest {
    /** The code under test. */
    record Checkout(TaskScope scope, Callable<String> bank) {
        Future<String> pay() {
            return scope.start("pay", bank).orTimeout(Duration.ofSeconds(30));
        }
    }

    @Test
    void givesUpAfterThirtySeconds(TestScope scope) {
        Checkout checkout = new Checkout(scope, CheckoutTest::slowBank);
        Future<String> receipt = checkout.pay();

        scope.advanceBy(Duration.ofSeconds(29));
        assertPending(receipt);

        scope.advanceBy(Duration.ofSeconds(1));
        assertTimedOut(receipt);
    }

    private static String slowBank() {
        Task.sleep(Duration.ofHours(1)).join();
        return "receipt";
    }
}
// endregion
