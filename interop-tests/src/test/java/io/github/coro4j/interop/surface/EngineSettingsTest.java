package io.github.coro4j.interop.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.EngineSettings;
import io.github.coro4j.spi.BuildInfo;
import java.time.Duration;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings and services that an application gives the engine. Each application has an engine of its own. */
@Timeout(60)
class EngineSettingsTest extends ApplicationSetting {
    @Test
    void settingsAfterTheFirstUseAreRefused() throws Exception {
        String refused =
                run(
                        """
                        Thread.currentThread().setName("first");
                        TaskScope.global();
                        return thrown(() -> { EngineSettings.create().apply(); return 1; });
                        """);
        assertEquals(
                "IllegalStateException: The settings were not applied, because the engine has started: the cause shows "
                        + "where. Apply settings before the first use of Coro4j, for example at the start of main. "
                        + BuildInfo.seeError("settings-too-late")
                        + " <- the first use of Coro4j, on thread \"first\"",
                refused);
    }

    @Test
    void secondSettingsAreRefused() throws Exception {
        String refused =
                run(
                        """
                        Thread.currentThread().setName("first");
                        EngineSettings.create().apply();
                        return thrown(() -> { EngineSettings.create().apply(); return 1; });
                        """);
        assertTrue(
                refused.startsWith(
                        "IllegalStateException: The settings were not applied, because other settings were applied before"),
                refused);
        assertTrue(refused.endsWith("<- the first settings, on thread \"first\""), refused);
    }

    @Test
    void everyPlatformThreadCallsTheThreadStartFirst() throws Exception {
        assertEquals(
                "all",
                run(
                        """
                        Set<Thread> seen = ConcurrentHashMap.newKeySet();
                        EngineSettings.create().threadStart(thread -> {
                            if (thread == Thread.currentThread()) seen.add(thread);
                        }).apply();
                        try (TaskScope scope = TaskScope.open("scope")) {
                            scope.start("body", () -> Task.sleep(Duration.ofMillis(1)).join()).join();
                            scope.start("slow", () -> new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS))
                                .orTimeout(Duration.ofMillis(1)).joinOutcome();
                        }
                        // A thread that has just been started may not have made its call yet.
                        while (true) {
                            boolean isAll = true;
                            for (Thread each : Thread.getAllStackTraces().keySet()) {
                                boolean isOurs = each.getName().startsWith("coro4j")
                                    && !each.getName().equals("coro4j-maker")
                                    && each.getContextClassLoader() == Program.class.getClassLoader();
                                if (isOurs && !seen.contains(each)) isAll = false;
                            }
                            if (isAll) break;
                            Thread.yield();
                        }
                        Set<String> names = new HashSet<>();
                        seen.forEach(each -> names.add(each.getName().replaceAll("[0-9]+$", "")));
                        if (!names.containsAll(Set.of("coro4j-timer", "coro4j-duty")))
                            return "only " + names;
                        return "all";
                        """));
    }

    @Test
    void aThreadStartThatThrowsIsLoggedOnce() throws Exception {
        assertEquals(
                "ran",
                run(
                        """
                        EngineSettings.create().threadStart(thread -> {
                            throw new IllegalStateException("no priority");
                        }).apply();
                        try (TaskScope scope = TaskScope.open("scope")) {
                            scope.start(() -> Task.sleep(Duration.ofMillis(1)).join()).join();
                            return scope.start(() -> "ran").join();
                        }
                        """));
        List<LogRecord> logged = leaks.takeLogged();
        assertEquals(1, logged.size());
        assertEquals("no priority", logged.get(0).getThrown().getMessage());
        assertTrue(
                logged.get(0).getMessage().contains("threw on thread \"coro4j-"),
                logged.get(0)::getMessage);
    }

    @Test
    void theIdleTimeEndsTheThreads() throws Exception {
        assertEquals(
                "ended",
                run(
                        """
                        EngineSettings.create().idleTime(Duration.ofMillis(10)).apply();
                        Thread[] threads = new Thread[1];
                        TaskScope.run("scope", scope -> scope.start(() -> threads[0] = Thread.currentThread()).join());
                        threads[0].join(4_500);
                        return threads[0].isAlive() ? "lives" : "ended";
                        """));
    }

    /** From JDK 24 on, bodies run on virtual threads, which the setting does not count. */
    @Test
    void thePoolHasTheThreadsOfTheSettings() throws Exception {
        String threads =
                run(
                        """
                        EngineSettings.create().poolThreads(3).apply();
                        return TaskScope.global().start(() ->
                            Thread.currentThread() instanceof ForkJoinWorkerThread worker
                                ? worker.getPool().getParallelism() + " threads"
                                : "virtual").join();
                        """);
        assertEquals(Runtime.version().feature() < 24 ? "3 threads" : "virtual", threads);
    }

    /** A pool of one thread must grow, or the second body never runs. */
    @Test
    void aPoolOfOneThreadDoesNotStarve() throws Exception {
        assertEquals(
                "opened",
                run(
                        """
                        EngineSettings.create().poolThreads(1).apply();
                        CountDownLatch gate = new CountDownLatch(1);
                        try (TaskScope scope = TaskScope.open("scope")) {
                            Task<Void> blocked = scope.launch("blocked", gate::await);
                            scope.launch("opens", gate::countDown);
                            blocked.join();
                            return "opened";
                        }
                        """));
    }

    @Test
    void theFailureListenerIsThatOfEveryScopeWithoutOne() throws Exception {
        assertEquals(
                "[global, scope]",
                run(
                        """
                        List<String> seen = new CopyOnWriteArrayList<>();
                        EngineSettings.create().failureListener(report -> seen.add(report.name())).apply();
                        TaskScope.global().launch("global", () -> { throw new Exception("e"); });
                        TaskScope.global().join();
                        try (TaskScope scope = TaskScope.open("scope")) {
                            scope.launch("scope", () -> { throw new Exception("e"); });
                            scope.join();
                        }
                        return seen.toString();
                        """));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 16_385})
    void thePoolNeedsANumberOfThreads(int threads) {
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> EngineSettings.create().poolThreads(threads));
        assertEquals(
                "threads must be from 1 to 16384, but is "
                        + threads
                        + ": leave poolThreads() out for the default of 128",
                refused.getMessage());
    }

    @Test
    void badSettingsAreRefusedAtOnce() {
        EngineSettings settings = EngineSettings.create();
        assertThrows(IllegalArgumentException.class, () -> settings.idleTime(Duration.ZERO));
        assertThrows(
                IllegalArgumentException.class, () -> settings.idleTime(Duration.ofSeconds(-1)));
        assertThrows(NullPointerException.class, () -> settings.idleTime(null));
        assertThrows(NullPointerException.class, () -> settings.threadStart(null));
        assertThrows(NullPointerException.class, () -> settings.blockingGuard(null));
        assertThrows(NullPointerException.class, () -> settings.failureListener(null));
    }
}
