package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.BlockingGuard;
import io.github.coro4j.TaskListener;
import io.github.coro4j.ThreadStart;
import io.github.coro4j.spi.BuildInfo;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services that an application provides to the engine. Each application has an engine of its own. */
@Timeout(60)
class EngineServicesTest extends ApplicationSetting {
    private static final String GUARD =
            """
            package services;

            public class %s implements io.github.coro4j.BlockingGuard {
                public %s() {}

                @Override
                public Answer mayBlock(String awaited) {
                    return Answer.%s;
                }
            }
            """;

    @Test
    void theGuardOfTheSettingsReplacesTheServices() throws Exception {
        Application application = new Application(folder);
        application.compile("Strict", GUARD.formatted("Strict", "Strict", "REFUSE"));
        application.provide(BlockingGuard.class, "Strict");
        assertEquals(
                "returned ran",
                run(
                        application,
                        """
                        EngineSettings.create().blockingGuard(awaited -> BlockingGuard.Answer.ALLOW).apply();
                        return thrown(() -> TaskScope.global().start(() -> "ran").join());
                        """));
    }

    @Test
    void theStrictestServiceCounts() throws Exception {
        Application application = new Application(folder);
        application.compile("Mild", GUARD.formatted("Mild", "Mild", "ALLOW"));
        application.compile("Strict", GUARD.formatted("Strict", "Strict", "REFUSE"));
        application.provide(BlockingGuard.class, "Mild", "Strict", "Missing");
        String refused =
                run(
                        application,
                        """
                        CountDownLatch gate = new CountDownLatch(1);
                        Task<?> task = TaskScope.global().launch("load", gate::await);
                        String refused = thrown(task::join);
                        gate.countDown();
                        return refused;
                        """);
        assertTrue(refused.startsWith("BlockingRefusedException: thread "), refused);
        assertTrue(leaks.takeLogged().get(0).getMessage().contains("a blocking guard"));
    }

    @Test
    void threadStartsAreFoundAsServices() throws Exception {
        Application application = new Application(folder);
        application.compile(
                "Start",
                """
                package services;

                public class Start implements io.github.coro4j.ThreadStart {
                    static final java.util.Set<String> SEEN = java.util.concurrent.ConcurrentHashMap.newKeySet();

                    @Override
                    public void onStart(Thread thread) {
                        SEEN.add(thread.getName());
                    }
                }
                """);
        application.provide(ThreadStart.class, "Start");
        assertEquals(
                "true",
                run(
                        application,
                        """
                        Task.sleep(Duration.ofMillis(1)).join();
                        return "" + Start.SEEN.contains("coro4j-timer");
                        """));
    }

    @Test
    void theThreadStartOfTheSettingsComesAfterTheServices() throws Exception {
        Application application = new Application(folder);
        application.compile(
                "Start",
                """
                package services;

                public class Start implements io.github.coro4j.ThreadStart {
                    static final java.util.List<String> CALLS = new java.util.concurrent.CopyOnWriteArrayList<>();

                    @Override
                    public void onStart(Thread thread) {
                        if (thread.getName().equals("coro4j-timer")) CALLS.add("service");
                    }
                }
                """);
        application.provide(ThreadStart.class, "Start");
        assertEquals(
                "[service, settings]",
                run(
                        application,
                        """
                        EngineSettings.create().threadStart(thread -> {
                            if (thread.getName().equals("coro4j-timer")) Start.CALLS.add("settings");
                        }).apply();
                        Task.sleep(Duration.ofMillis(1)).join();
                        return Start.CALLS.toString();
                        """));
    }

    /** The initializer of the program waits for the first use, and the service needs that initializer. */
    @Test
    void aServiceMayNeedAClassThatTheFirstCallerInitializes() throws Exception {
        Application application = new Application(folder);
        application.compile(
                "State",
                """
                package services;

                public class State {
                    static final String NAME = "state";
                    static final Object LOCK = new Object();
                    static final io.github.coro4j.TaskScope GLOBAL = io.github.coro4j.TaskScope.global();
                    static String name() { return NAME + (GLOBAL == null ? " before" : ""); }
                }
                """);
        application.compile(
                "Needing",
                """
                package services;

                public class Needing implements io.github.coro4j.TaskListener {
                    static String seen;
                    public Needing() {
                        seen = State.name();
                    }
                }
                """);
        application.provide(TaskListener.class, "Needing");
        assertEquals("state before", run(application, "State.name(); return Needing.seen;"));
    }

    /** Each of many first callers gets the same listeners, and no event is lost. */
    @Test
    void firstCallersAtOnceGetTheSameListener() throws Exception {
        Application application = new Application(folder);
        application.compile(
                "Counting",
                """
                package services;

                public class Counting implements io.github.coro4j.TaskListener {
                    static final java.util.concurrent.atomic.AtomicInteger ENDED =
                        new java.util.concurrent.atomic.AtomicInteger();
                    @Override
                    public void ended(io.github.coro4j.TaskEvent event) {
                        ENDED.incrementAndGet();
                    }
                }
                """);
        application.provide(TaskListener.class, "Counting");
        assertEquals(
                "1600",
                run(
                        application,
                        """
                        CyclicBarrier start = new CyclicBarrier(16);
                        List<Thread> callers = new ArrayList<>();
                        for (int caller = 0; caller < 16; caller++) {
                            Thread each = new Thread(() -> {
                                try {
                                    start.await();
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                                for (int task = 0; task < 100; task++) TaskScope.global().launch(() -> {});
                            });
                            callers.add(each);
                            each.start();
                        }
                        for (Thread each : callers) each.join();
                        TaskScope.global().join();
                        return "" + Counting.ENDED.get();
                        """));
    }

    @Test
    void aServiceThatUsesCoro4jTooEarlyIsLeftOut() throws Exception {
        Application application = new Application(folder);
        application.compile(
                "Early",
                """
                package services;

                public class Early implements io.github.coro4j.TaskListener {
                    public Early() {
                        io.github.coro4j.TaskScope.open("early").close();
                    }
                }
                """);
        application.provide(TaskListener.class, "Early");
        assertEquals(
                "ran", run(application, "return TaskScope.global().start(() -> \"ran\").join();"));
        LogRecord logged = leaks.takeLogged().get(0);
        Throwable early = logged.getThrown();
        while (early.getCause() != null) {
            early = early.getCause();
        }
        assertTrue(early.getMessage().startsWith("Coro4j has not started yet"), early::getMessage);
        assertTrue(early.getMessage().endsWith(BuildInfo.seeError("service-too-early")));
    }
}
