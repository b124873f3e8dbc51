package io.github.coro4j.interop.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Registration;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.Gate;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Trail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/guide/cancelling.md, and the rows of its table that no other test plays. */
class CancellingPageTest {
    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    private final Gate begun = new Gate();
    private final Gate work = new Gate();
    private final Trail trail = new Trail();
    private final ReentrantLock lock = new ReentrantLock();

    @Test
    void aWaitForALock_ignoresTheCancel() {
        try (TaskScope scope = leaks.open("scope")) {
            lock.lock();
            Task<Void> task =
                    scope.launch(
                            "locked",
                            () -> {
                                begun.open();
                                lock.lock();
                                trail.add("has the lock");
                                lock.unlock();
                            });
            awaitQueued();
            task.cancel("stop");
            assertTrue(task.isCancelling());
            assertTrue(lock.hasQueuedThreads());
            lock.unlock();
            assertTrue(task.joinOutcome().isCancelled());
        }
        trail.assertSteps("has the lock");
    }

    private void awaitQueued() {
        begun.passUninterruptibly();
        while (!lock.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void lockInterruptibly_endsWithTheCancel() {
        try (TaskScope scope = leaks.open("scope")) {
            lock.lock();
            Task<String> task = scope.start("locked", this::readLocked);
            begun.open();
            awaitQueued();
            assertTrue(task.cancelAndJoin("stop").isCancelled());
            lock.unlock();
            assertEquals("read", scope.start(this::readLocked).join());
        }
    }

    private String readLocked() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return read();
        } finally {
            lock.unlock();
        }
    }

    private static String read() {
        return "read";
    }

    /** Stands for a client that has futures of its own. */
    private interface Library {
        CompletableFuture<String> quote(String symbol);
    }

    @Test
    void theFutureOfAnotherLibrary_isCancelledToo() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Library library =
                symbol -> {
                    begun.open();
                    return answer;
                };
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task =
                    scope.start(
                            "quote",
                            () -> {
                                // region from
                                String quote = Future.from(library.quote("ACME")).join();
                                // endregion
                                return quote;
                            });
            begun.passUninterruptibly();
            assertTrue(task.cancelAndJoin("stop").isCancelled());
        }
        assertTrue(answer.isCancelled());
    }

    @Test
    void theFutureOfAnExecutorService_isCancelledToo() throws InterruptedException {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        java.util.concurrent.Future<String> theirs = pool.submit(() -> fillCache());
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task =
                    scope.start(
                            "follower",
                            () -> {
                                Future<String> mine = Future.fromBlocking(theirs);
                                begun.open();
                                return mine.join();
                            });
            work.awaitReached();
            begun.passUninterruptibly();
            assertTrue(task.cancelAndJoin("stop").isCancelled());
        }
        assertTrue(theirs.isCancelled());
        pool.shutdown();
        assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES));
        trail.assertSteps();
    }

    /** Starts a task for a call that blocks, and waits until its body has begun. */
    private <T> Task<T> begin(TaskScope scope, Callable<T> call) {
        Task<T> task =
                scope.start(
                        () -> {
                            begun.open();
                            return call.call();
                        });
        begun.passUninterruptibly();
        return task;
    }

    @Test
    void joinOfACompletableFuture_ignoresTheCancel() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = begin(scope, answer::join);
            task.cancel("stop");
            assertTrue(task.isCancelling());
            answer.complete("late");
            assertTrue(task.joinOutcome().isCancelled());
        }
    }

    @Test
    void getOfACompletableFuture_endsAndLeavesTheWork() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (TaskScope scope = leaks.open("scope")) {
            Task<String> task = begin(scope, answer::get);
            assertTrue(task.cancelAndJoin("stop").isCancelled());
            assertFalse(answer.isDone());
        }
    }

    @Test
    @SuppressWarnings("try") // the hook is only closed
    void aHookThatClosesTheSocket_endsItsRead() throws IOException {
        try (TaskScope scope = leaks.open("scope");
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            Task<Integer> task =
                    scope.start(
                            "read",
                            () -> {
                                try (Registration hook = Task.onCancel(socket::close)) {
                                    begun.open();
                                    return socket.getInputStream().read();
                                }
                            });
            begun.passUninterruptibly();
            assertTrue(task.cancelAndJoin("stop").isCancelled());
        }
    }

    @Test
    void aChannel_isClosedByTheCancel() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink();
                TaskScope scope = leaks.open("scope")) {
            Task<Integer> task =
                    begin(
                            scope,
                            () -> {
                                try {
                                    return source.read(ByteBuffer.allocate(1));
                                } catch (ClosedByInterruptException e) {
                                    trail.add("closed");
                                    throw e;
                                }
                            });
            assertTrue(task.cancelAndJoin("stop").isCancelled());
            assertFalse(source.isOpen());
            assertTrue(sink.isOpen());
        }
        trail.assertSteps("closed");
    }

    @Test
    void whatTheBodyShields_runsOn() {
        try (TaskScope scope = leaks.open("scope")) {
            // region shield
            Task<String> page =
                    scope.start(
                            "page",
                            () -> {
                                Future<String> cache =
                                        scope.start("cache", () -> fillCache()).shield();
                                return render(cache);
                            });
            // endregion
            work.awaitReached();
            begun.passUninterruptibly();
            assertTrue(page.cancelAndJoin("left").isCancelled());
            work.open();
            scope.join();
        }
        trail.assertSteps("filled");
    }

    private String render(Future<String> cache) {
        begun.open();
        return "page of " + cache.join();
    }

    private String fillCache() throws InterruptedException {
        work.pass();
        trail.add("filled");
        return "cache";
    }
}
