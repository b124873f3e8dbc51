package io.github.coro4j.examples;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Retries with Failsafe, inside the bodies of a gather. Asks three shops at once, each up to three times, within two seconds
 * for all. A cancel ends the attempt or the pause, and no further attempt begins.
 */
public final class Retry {
    private static final RetryPolicy<Object> THREE_TIMES =
            RetryPolicy.builder()
                    .handle(IOException.class)
                    .withMaxAttempts(3)
                    .withDelay(Duration.ofMillis(20))
                    .build();

    private Retry() {}

    /** Prints a line for each shop. */
    public static void main(String... arguments) {
        Map<String, Integer> asked = new ConcurrentHashMap<>();
        try (TaskScope scope = TaskScope.open("retry")) {
            List<String> shops = List.of("south", "north", "closed");
            List<Outcome<String>> prices =
                    scope.gather(
                                    shops,
                                    shop -> retrying(THREE_TIMES, () -> price(shop, asked)).call())
                            .timeout(Duration.ofSeconds(2))
                            .settled()
                            .join();
            for (int i = 0; i < shops.size(); i++) {
                System.out.println(shops.get(i) + ": " + prices.get(i));
            }
        }
    }

    /**
     * Returns a body that tries {@code body} again as the policy says. It looks for a cancel before each attempt, because an
     * interrupted call may throw an {@code InterruptedIOException}, which the policy retries. It removes the wrapper of
     * Failsafe, so that a failure is the original exception, and an interrupt in a pause counts as the cancel.
     */
    static <T> Callable<T> retrying(RetryPolicy<? super T> policy, Callable<T> body) {
        return () -> {
            try {
                return Failsafe.with(List.of(policy))
                        .get(
                                () -> {
                                    Task.checkCancelled();
                                    return body.call();
                                });
            } catch (FailsafeException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        };
    }

    /** Returns the price of the south at once and of the north at the second attempt. The third shop never answers. */
    private static String price(String shop, Map<String, Integer> asked) throws IOException {
        int attempt = asked.merge(shop, 1, Integer::sum);
        if (shop.equals("closed") || shop.equals("north") && attempt == 1) {
            throw new IOException(shop + " does not answer, attempt " + attempt);
        }
        return "42, attempt " + attempt;
    }
}
