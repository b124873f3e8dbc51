package io.github.coro4j.interop.virtual;

import static io.github.coro4j.test.Coro4jAssertions.assertSucceeded;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.ConcurrencyLimit;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.test.TestScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A body goes on at the moment when what it waits for has ended, although other timers are due soon after. In each case
 * the thread that ends the work does several things before the waiting body is woken, and is to be seen all the while.
 */
class EndsAreSeenTest {
    private static final int ROUNDS = 30;

    private interface Wait {
        void in(TaskScope scope) throws Exception;
    }

    private static final Map<String, Wait> WAITS = new LinkedHashMap<>();

    private static int nap(int millis) {
        Task.sleep(Duration.ofMillis(millis)).join();
        return millis;
    }

    /** The first of these ends after ten milliseconds, and the others much later. */
    private static final List<Integer> NAPS = List.of(10, 100, 110);

    static {
        WAITS.put(
                "hedge", s -> s.hedge(3, Duration.ofMillis(5), n -> nap(n == 0 ? 10 : 100)).join());
        WAITS.put("firstSuccess", s -> s.gather(NAPS, EndsAreSeenTest::nap).firstSuccess().join());
        WAITS.put(
                "limited firstSuccess",
                s -> s.gather(NAPS, EndsAreSeenTest::nap).concurrency(3).firstSuccess().join());
        WAITS.put(
                "asCompleted",
                s -> s.gather(NAPS, EndsAreSeenTest::nap).asCompleted().iterator().next());
        WAITS.put(
                "failFast",
                s ->
                        s.gather(
                                        NAPS,
                                        n -> {
                                            nap(n);
                                            throw new Exception();
                                        })
                                .failFast()
                                .joinOutcome());
        WAITS.put(
                "one by one",
                s -> s.gather(List.of(4, 6), EndsAreSeenTest::nap).concurrency(1).all().join());
        WAITS.put(
                "asynchronous",
                s ->
                        s.gatherAsync(List.of(4, 6), n -> Task.sleep(Duration.ofMillis(n)))
                                .concurrency(1)
                                .all()
                                .join());
        WAITS.put(
                "limit",
                s -> {
                    ConcurrencyLimit limit = ConcurrencyLimit.of(1);
                    limit.start(s, () -> nap(4));
                    limit.start(s, () -> nap(6)).join();
                });
        WAITS.put(
                "progress",
                s -> {
                    Promise<String> last = Promise.create();
                    s.gather(NAPS, EndsAreSeenTest::nap)
                            .onProgress(progress -> last.complete("" + nap(0)))
                            .all();
                    last.join();
                });
        WAITS.put(
                "callback",
                s -> {
                    Promise<String> called = Promise.create();
                    s.start(() -> nap(10)).map(n -> n + 1).onSuccess(n -> called.complete(""));
                    called.join();
                });
        WAITS.put(
                "cancel hook and clean-up",
                s -> {
                    Task<Void> query =
                            s.launch(
                                    () -> {
                                        Task.onCancel(() -> nap(3));
                                        try {
                                            Promise.create().join();
                                        } finally {
                                            Task.nonCancellable(
                                                    () -> Task.start(() -> nap(5)).join());
                                        }
                                    });
                    nap(5);
                    query.cancelAndJoin("enough");
                });
        WAITS.put(
                "close that takes time",
                s -> {
                    TaskScope page = TaskScope.open("page");
                    Promise<String> begun = Promise.create();
                    page.launch(
                            () -> {
                                begun.complete("");
                                try {
                                    Promise.create().join();
                                } finally {
                                    Task.nonCancellable(() -> nap(10));
                                }
                            });
                    begun.join();
                    page.closeAsync("the page is left").join();
                });
    }

    static Stream<String> waits() {
        return WAITS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("waits")
    void theWaitingBodyGoesOnAtThatMoment(String name) {
        for (int round = 0; round < ROUNDS; round++) {
            try (TestScope scope = TestScope.open()) {
                // Timers that are due right after the moment.
                for (int nanos = 1; nanos < 20; nanos++) {
                    scope.runInside(() -> Task.sleep(Duration.ofMillis(10).plusNanos(1)));
                }
                Task<Duration> waits =
                        scope.start(
                                "waits",
                                () -> {
                                    WAITS.get(name).in(scope);
                                    return scope.currentTime();
                                });
                scope.advanceBy(Duration.ofMillis(20));
                assertSucceeded(waits, Duration.ofMillis(10));
            }
        }
    }

    /** Each of two bodies waits again and again for the same object. */
    @Test
    void pingPong() {
        for (int round = 0; round < ROUNDS; round++) {
            try (TestScope scope = TestScope.open()) {
                List<Promise<Integer>> pings = new ArrayList<>();
                List<Promise<Integer>> pongs = new ArrayList<>();
                for (int each = 0; each < 20; each++) {
                    pings.add(scope.runInside(Promise::create));
                    pongs.add(scope.runInside(Promise::create));
                    scope.start(() -> nap(500));
                }
                scope.runInside(() -> Task.sleep(Duration.ofNanos(1)));
                scope.start("pong", () -> answer(pings, pongs));
                Task<Duration> ping =
                        scope.start(
                                "ping",
                                () -> {
                                    pings.get(0).complete(0);
                                    answer(pongs, pings.subList(1, 20));
                                    return scope.currentTime();
                                });
                scope.advanceBy(Duration.ofMillis(1));
                assertSucceeded(ping, Duration.ZERO);
            }
        }
    }

    private static int answer(List<Promise<Integer>> from, List<Promise<Integer>> to) {
        Iterator<Future<Integer>> each = Gather.of(from).asCompleted().iterator();
        for (Promise<Integer> next : to) {
            each.next();
            next.complete(1);
        }
        for (int rest = to.size(); rest < from.size(); rest++) {
            each.next();
        }
        assertEquals(20, from.size());
        return 0;
    }
}
