package io.github.coro4j.interop.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Promise;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.interop.testing.NothingLeaks;
import io.github.coro4j.interop.testing.Rule;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The threads of the engine inherit nothing from the user thread that happens to come first. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@Rule(34)
class EngineThreadsTest {
    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    /** More bodies than the pool is likely to have idle threads, so that it starts new threads. */
    private static final int MANY = 100;

    @RegisterExtension final NothingLeaks leaks = new NothingLeaks();

    /** The properties of a thread, as the thread sees them. */
    private record Seen(Thread thread, String user, ClassLoader loader, int priority) {
        static Seen here() {
            Thread thread = Thread.currentThread();
            return new Seen(
                    thread, USER.get(), thread.getContextClassLoader(), thread.getPriority());
        }
    }

    @Test
    void aBodyInheritsNothingFromTheFirstCaller() throws Exception {
        ThreadGroup group = new ThreadGroup("of the caller");
        ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
        asCaller(
                group,
                () -> {
                    try (TaskScope scope = leaks.open("first")) {
                        CountDownLatch all = new CountDownLatch(MANY);
                        List<Future<?>> tasks = new ArrayList<>();
                        for (int task = 0; task < MANY; task++) {
                            tasks.add(
                                    scope.start(
                                            () -> {
                                                seen.add(Seen.here());
                                                all.countDown();
                                                all.await();
                                                return null;
                                            }));
                        }
                        tasks.forEach(Future::join);
                        Task.sleep(Duration.ofMillis(1)).map(ended -> seen.add(Seen.here())).join();
                        Promise<Integer> promise = Promise.create();
                        CountDownLatch called = new CountDownLatch(1);
                        promise.addDoneCallback(
                                done -> {
                                    seen.add(Seen.here());
                                    called.countDown();
                                });
                        promise.complete(1);
                        called.await();
                    }
                    return null;
                });
        assertEquals(MANY + 2, seen.size());
        for (Seen each : seen) {
            assertNull(each.user, () -> "inherited by " + each.thread);
            assertSame(TaskScope.class.getClassLoader(), each.loader);
            assertEquals(Thread.NORM_PRIORITY, each.priority);
        }
        int ours = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup its = thread.getThreadGroup();
            if (!thread.getName().startsWith("coro4j-") || its == null) {
                continue;
            }
            ours++;
            assertNotSame(group, its, thread::toString);
            assertNull(its.getParent(), thread::toString);
            assertTrue(thread.isDaemon(), thread::toString);
            assertEquals(Thread.NORM_PRIORITY, thread.getPriority(), thread::toString);
            assertSame(TaskScope.class.getClassLoader(), thread.getContextClassLoader());
        }
        assertTrue(ours > 0);
    }

    private static void asCaller(ThreadGroup group, java.util.concurrent.Callable<?> code)
            throws Exception {
        FutureTask<?> call =
                new FutureTask<>(
                        () -> {
                            USER.set("alice");
                            return code.call();
                        });
        Thread caller = new Thread(group, call, "caller");
        caller.setPriority(Thread.MIN_PRIORITY);
        try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
            caller.setContextClassLoader(loader);
            caller.start();
            call.get();
        }
    }

    /** A launcher may interrupt all threads of its thread group. */
    @Test
    void eachThreadOfTheEngineClearsAStrayInterrupt() throws Exception {
        try (TaskScope scope = leaks.open("interrupted")) {
            Future<List<Integer>> group = scope.gather(List.of(1, 2, 3), item -> item).all();
            group.join();
            Task.sleep(Duration.ofMillis(1)).join();
            FutureTask<Integer> blocking = new FutureTask<>(() -> 1);
            Future<Integer> watched = Future.fromBlocking(blocking);
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("coro4j-")) {
                    thread.interrupt();
                    while (thread.isAlive() && thread.isInterrupted()) {
                        Thread.onSpinWait();
                    }
                }
            }
            assertEquals(1, scope.start(() -> 1).join());
            Task.sleep(Duration.ofMillis(1)).join();
            blocking.run();
            assertEquals(1, watched.join());
        }
    }
}
