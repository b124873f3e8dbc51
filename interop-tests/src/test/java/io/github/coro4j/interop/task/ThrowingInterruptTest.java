package io.github.coro4j.interop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Future;
import io.github.coro4j.Gather;
import io.github.coro4j.Outcome;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The interrupt of a cancelled body runs user code, which can throw. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThrowingInterruptTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final RuntimeException broken = new UnsupportedOperationException("cannot be closed");

    /** A channel whose close throws. {@link #closing} tells the test that the interrupt has come. */
    private final class Stuck extends AbstractInterruptibleChannel {
        final CountDownLatch closing = new CountDownLatch(1);

        @Override
        protected void implCloseChannel() {
            closing.countDown();
            throw broken;
        }

        void block(Gate begun) throws Exception {
            boolean completed = false;
            try {
                begin();
                begun.passUninterruptibly();
                completed = true;
            } finally {
                end(completed);
            }
        }
    }

    @Test
    @Rule(5)
    void aBodyWhoseInterruptThrowsEndsAsCancelled() throws Exception {
        try (TaskScope scope = leaks.open("channels")) {
            Stuck channel = new Stuck();
            Gate begun = new Gate();
            Task<Void> task = scope.launch("reader", () -> channel.block(begun));
            begun.awaitReached();

            assertTrue(task.cancel("enough"));
            channel.closing.await();
            begun.open();

            assertTrue(task.joinOutcome() instanceof Outcome.Cancelled, task.toString());
        }
        assertReported("reader");
    }

    @Test
    @Rule(20)
    void otherMembersOfTheGroup_areStillInterrupted() {
        try (TaskScope scope = leaks.open("channels")) {
            Stuck channel = new Stuck();
            Gate begun = new Gate();
            Gate others = new Gate();
            Task<Void> stuck = scope.launch("reader", () -> channel.block(begun));
            begun.awaitReached();
            Task<Void> before = scope.launch(others::pass);
            Task<Void> after = scope.launch(others::pass);
            others.awaitReached();
            Promise<Void> promise = Promise.create();
            Future<?> group = Gather.of(before, stuck, after, promise).failFast();

            IllegalStateException failure = new IllegalStateException("failed");
            assertTrue(promise.fail(failure));

            assertTrue(before.joinOutcome() instanceof Outcome.Cancelled);
            assertTrue(after.joinOutcome() instanceof Outcome.Cancelled);
            begun.open();
            assertSame(failure, group.joinOutcome().exceptionOrNull());
        }
        assertReported("reader");
    }

    @Test
    @Rule(23)
    void scopeOfABodyWhoseInterruptThrows_closes() {
        Gate begun = new Gate();
        Stuck channel = new Stuck();
        TaskScope scope = leaks.open("channels");
        scope.launch("reader", () -> channel.block(begun));
        begun.awaitReached();
        Thread opener =
                new Thread(
                        () -> {
                            try {
                                channel.closing.await();
                            } catch (InterruptedException e) {
                                return;
                            }
                            begun.open();
                        });
        opener.start();

        scope.close();

        assertReported("reader");
    }

    /** The executor of the user has a thread whose interrupt() throws. */
    @Test
    @Rule(5)
    void threadWhoseInterruptThrows_runsTheNextBody() {
        try (Threads threads = new Threads();
                TaskScope scope = leaks.open("threads", threads)) {
            Gate begun = new Gate();
            Task<Void> task = scope.launch("stubborn", begun::passUninterruptibly);
            begun.awaitReached();

            task.cancel("enough");
            begun.open();

            assertTrue(task.joinOutcome() instanceof Outcome.Cancelled, task.toString());
            assertEquals(1, scope.start(() -> 1).join());
        }
        assertReported("stubborn");
    }

    private void assertReported(String name) {
        List<FailureReport> reports = leaks.takeReports();
        assertEquals(1, reports.size(), reports.toString());
        assertEquals(FailureReport.Kind.INTERRUPT_FAILED, reports.get(0).kind());
        assertEquals(name, reports.get(0).name());
        assertSame(broken, reports.get(0).exception());
    }

    private final class Threads implements Executor, AutoCloseable {
        private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        private final Thread thread =
                new Thread(this::run) {
                    @Override
                    public void interrupt() {
                        throw broken;
                    }
                };

        Threads() {
            thread.start();
        }

        private void run() {
            try {
                while (true) {
                    work.take().run();
                }
            } catch (EndOfWork e) {
                // The test is over.
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void execute(Runnable command) {
            work.add(command);
        }

        @Override
        public void close() {
            work.add(
                    () -> {
                        throw new EndOfWork();
                    });
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class EndOfWork extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
