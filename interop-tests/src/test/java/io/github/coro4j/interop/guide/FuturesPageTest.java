package io.github.coro4j.interop.guide;

import static io.github.coro4j.test.Coro4jAssertions.assertPending;
import static io.github.coro4j.test.Coro4jAssertions.assertTimedOut;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.OneThreadExecutor;
import io.github.coro4j.interop.testing.Trail;
import io.github.coro4j.test.Coro4jTest;
import io.github.coro4j.test.TestScope;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/guide/futures.md. */
class FuturesPageTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private Gate work = new Gate();
    private final Trail trail = new Trail();

    @Test
    void callbacks() {
        try (OneThreadExecutor uiThread = new OneThreadExecutor("ui")) {
            try (TaskScope scope = leaks.open("scope")) {
                Task<String> task = scope.start("load", () -> load());
                work.awaitReached();
                // region callbacks
                task.addDoneCallback(done -> show(done.outcome()), uiThread);
                Registration late = task.addDoneCallback(done -> log(done.outcome()));
                boolean removed = late.remove();
                // endregion
                assertTrue(removed);
                work.open();
                trail.await("ui shows page");
            }
        }
        trail.assertSteps("ui shows page");
    }

    private void show(Outcome<String> outcome) {
        trail.add(Thread.currentThread().getName() + " shows " + outcome.valueOr("nothing"));
    }

    private void log(Outcome<String> outcome) {
        trail.add("log " + outcome);
    }

    private String load() throws InterruptedException {
        work.pass();
        return "page";
    }

    @Test
    void aPipeline_givesAPage() {
        work.open();
        try (TaskScope scope = leaks.open("scope")) {
            assertEquals("page of cart of user 42", page(scope).join());
        }
    }

    @Test
    void aPipeline_turnsAFailureIntoAPage() {
        broken = true;
        try (TaskScope scope = leaks.open("scope")) {
            assertEquals("Sorry, try again later", page(scope).join());
        }
    }

    @Test
    void aCancelOfAPipeline_stopsTheLoad() {
        try (TaskScope scope = leaks.open("scope")) {
            Future<String> page = page(scope);
            work.awaitReached();
            page.cancel("left");
            assertTrue(page.joinOutcome().isCancelled());
            scope.join();
            assertTrue(scope.tasks().isEmpty());
        }
        trail.assertSteps("user 42 stopped");
    }

    private volatile boolean broken;

    private Future<String> page(TaskScope scope) {
        // region pipeline
        Future<String> page =
                scope.start("user", () -> loadUser(42))
                        .flatMap(user -> startCart(user))
                        .map(cart -> render(cart))
                        .orTimeout(Duration.ofSeconds(20))
                        .recover(failure -> "Sorry, try again later")
                        .named("page");
        // endregion
        assertTrue(page.toString().contains("\"page\""), page.toString());
        return page;
    }

    private String loadUser(int id) throws IOException, InterruptedException {
        if (broken) {
            throw new IOException("broken");
        }
        try {
            work.pass();
        } catch (InterruptedException e) {
            trail.add("user " + id + " stopped");
            throw e;
        }
        return "user " + id;
    }

    private static Future<String> startCart(String user) {
        return Task.start("cart", () -> "cart of " + user);
    }

    private static String render(String cart) {
        return "page of " + cart;
    }

    @Coro4jTest
    void aTimeoutOfAShield_leavesTheWorkAlone(TestScope time) {
        Duration limit = Duration.ofSeconds(20);
        work = Gate.ofPromise();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> load = scope.start("load", () -> load());
            // region shield
            Future<String> soon = load.shield().orTimeout(limit);
            // endregion
            time.advanceBy(limit.minusNanos(1));
            assertPending(soon);
            time.advanceBy(Duration.ofNanos(1));
            assertTimedOut(soon);
            assertFalse(load.isCancelling());
            work.open();
            assertEquals("page", load.join());
        }
    }

    @Test
    void theFirstCallThatEndsAPromise_wins() {
        Promise<String> promise = Promise.create();
        assertTrue(promise.complete("first"));
        assertFalse(promise.complete("second"));
        assertFalse(promise.fail(new IOException("late")));
        assertFalse(promise.cancel("late"));
        assertEquals("first", promise.join());
    }
}
