package io.github.coro4j.interop.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Hedged;
import io.github.coro4j.Registration;
import io.github.coro4j.TaskScope;
import io.github.coro4j.TimeSource;
import io.github.coro4j.interop.testing.NothingLeaks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An attempt that fails while another thread makes the timer of the attempt after it. Two threads then make the timers of
 * two attempts at once, and the later attempt's timer is the one that counts.
 */
@Timeout(120)
class HedgeTimersTest {
    private static final Duration DELAY = Duration.ofHours(1);

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final HeldTimers timers = new HeldTimers();
    private final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();
    private final List<CountDownLatch> gates =
            List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    private TaskScope scope;
    private Future<Hedged<String>> answer;
    private Thread clock;

    /** Brings the timers of the attempts 2 and 3 about at once: that of attempt 2 is held half made. */
    @BeforeEach
    void twoTimersAreMadeAtOnce() throws InterruptedException {
        TaskScope.Builder builder = TaskScope.builder().name("scope").timeSource(timers);
        scope = builder.failureListener(leaks.listener()).open();
        answer = scope.hedge(4, DELAY, this::attempt);
        assertEquals(0, begun.take());
        clock = new Thread(timers.made.get(0).action, "clock");
        clock.start();
        timers.isHolding.await(); // attempt 1 is about to begin, and its thread makes a timer
        gates.get(0).countDown(); // attempt 0 fails, so attempt 2 begins now
        assertEquals(2, begun.take());
        timers.hold.countDown();
        assertEquals(1, begun.take());
        clock.join();
    }

    @AfterEach
    void onlyTheFirstAttemptHasFailed() {
        scope.close();
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size());
        assertEquals("attempt 0", reports.get(0).exception().getMessage());
    }

    private String attempt(int number) throws Exception {
        begun.add(number);
        if (number < gates.size()) {
            gates.get(number).await();
        }
        if (number == 0) {
            throw new IOException("attempt 0");
        }
        return "answer";
    }

    @Test
    void noTimerIsLeftAfterTheEnd() {
        gates.get(1).countDown();
        assertEquals(new Hedged<>("answer", 1), answer.join());
        scope.close();
        assertEquals(List.of(), timers.waiting());
    }

    @Test
    void theLastAttemptStillBeginsWhenItIsTime() throws InterruptedException {
        assertEquals(1, timers.waiting().size());
        timers.waiting().get(0).action.run();
        assertEquals(3, begun.take());
        assertEquals(new Hedged<>("answer", 3), answer.join());
    }

    /** Time stands still. The second timer is made only when the test says so. */
    private static final class HeldTimers implements TimeSource {
        final List<Timer> made = new CopyOnWriteArrayList<>();
        final CountDownLatch isHolding = new CountDownLatch(1);
        final CountDownLatch hold = new CountDownLatch(1);

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Registration schedule(Duration delay, Runnable action) {
            Timer timer = new Timer(action);
            made.add(timer);
            if (made.size() == 2) {
                isHolding.countDown();
                awaitHold();
            }
            return timer;
        }

        private void awaitHold() {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        List<Timer> waiting() {
            return made.stream().filter(timer -> !timer.isOver).toList();
        }
    }

    private static final class Timer implements Registration {
        final Runnable action;
        volatile boolean isOver;

        Timer(Runnable action) {
            this.action =
                    () -> {
                        isOver = true;
                        action.run();
                    };
        }

        @Override
        public boolean remove() {
            boolean wasOver = isOver;
            isOver = true;
            return !wasOver;
        }

        @Override
        public void close() {
            remove();
        }
    }
}
