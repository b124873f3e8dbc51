package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What happens to running work when the application stops. */
class ShutdownTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.coro4j");

    @AfterEach
    void stopReading() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private Server start(String... properties) {
        return start(List.of(), properties);
    }

    private Server start(List<Class<?>> settings, String... properties) {
        Server server = Server.start(WebApplicationType.SERVLET, settings, properties);
        // The start of an application resets the loggers.
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        return server;
    }

    @Test
    void aRequestIsAnsweredBeforeTheScopeCloses() throws Exception {
        Server server = start("server.shutdown=graceful");
        HeldReports reports = server.reports();
        TaskScope scope = server.context().getBean(TaskScope.class);
        try (Client client = server.client()) {
            client.get("/reports/1");
            assertEquals("begun 1", reports.next());
            Thread stop = new Thread(server::close, "stop");
            stop.start();
            while (!server.context().isClosed()) {
                Thread.onSpinWait();
            }
            assertTrue(scope.isOpen());
            reports.open();
            String answer = client.read();
            assertTrue(answer.endsWith("\r\n\r\nreport 1"), answer);
            stop.join();
        }
        assertFalse(scope.isOpen());
        assertEquals(List.of(), log.list);
    }

    @Test
    void workThatStillRunsIsLoggedAndCancelled() throws Exception {
        Server server = start();
        TaskScope scope = server.context().getBean(TaskScope.class);
        Task<String> task = begin(scope, server.reports());
        server.close();
        assertFalse(scope.isOpen());
        assertTrue(task.joinOutcome().toString().contains("the application stops"));
        assertEquals(1, log.list.size());
        String line = log.list.get(0).getFormattedMessage();
        assertTrue(line.startsWith("The application stops, and cancels this work:\nscope "), line);
        assertTrue(line.contains("task \"mail\""), line);
    }

    @Test
    void workMayRunOnForAWhile() throws Exception {
        Server server = start("coro4j.shutdown.drain=1h");
        Task<String> task = begin(server.context().getBean(TaskScope.class), server.reports());
        HeldReports reports = server.reports();
        Thread stop = new Thread(server::close, "stop");
        stop.start();
        while (!server.context().isClosed()) {
            Thread.onSpinWait();
        }
        reports.open();
        stop.join();
        assertEquals("report 1", task.join());
        assertEquals(List.of(), log.list);
    }

    @Test
    void workThatIgnoresItsCancelIsLoggedAndLeft() throws Exception {
        Server server = start("coro4j.shutdown.limit=10ms");
        TaskScope scope = server.context().getBean(TaskScope.class);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Task<Void> task =
                scope.launch(
                        "stubborn",
                        () -> {
                            begun.countDown();
                            while (end.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                        });
        begun.await();
        server.close();
        assertFalse(task.isDone());
        assertEquals(2, log.list.size());
        ILoggingEvent warning = log.list.get(1);
        assertEquals(Level.WARN, warning.getLevel());
        String line = warning.getFormattedMessage();
        assertTrue(line.contains("10 ms after its cancel (coro4j.shutdown.limit)"), line);
        assertTrue(line.contains("task \"stubborn\" (cancelling: the application stops"), line);
        end.countDown();
        scope.close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Background {
        @Bean(defaultCandidate = false)
        TaskScope background(TaskScope.Builder builder) {
            return builder.name("background").open();
        }
    }

    @Test
    void aSecondScopeIsDrainedAndLimitedToo() throws Exception {
        Server server = start(List.of(Background.class), "coro4j.shutdown.drain=1h");
        TaskScope background = server.context().getBean("background", TaskScope.class);
        HeldReports reports = server.reports();
        Task<String> task = begin(background, reports);
        Thread stop = new Thread(server::close, "stop");
        stop.start();
        while (!server.context().isClosed()) {
            Thread.onSpinWait();
        }
        reports.open();
        stop.join();
        assertEquals("report 1", task.join());
        assertFalse(background.isOpen());
    }

    @Test
    void workThatStopsItsApplicationDoesNotKeepTheOthers() throws Exception {
        Server server = start();
        TaskScope scope = server.context().getBean(TaskScope.class);
        Task<String> other = begin(scope, server.reports());
        Task<Void> stopping = scope.launch("stopping", server::close);
        assertTrue(other.joinOutcome().toString().contains("the application stops"));
        stopping.joinOutcome();
        scope.close();
    }

    @Test
    void aContextThatOnlyPausesKeepsItsScope() throws Exception {
        try (Server server = start()) {
            TaskScope scope = server.context().getBean(TaskScope.class);
            server.context().stop();
            server.context().start();
            assertEquals("done", scope.start(() -> "done").join());
        }
    }

    private static Task<String> begin(TaskScope scope, HeldReports reports) throws Exception {
        Task<String> task = scope.start("mail", () -> reports.build(1));
        assertEquals("begun 1", reports.next());
        return task;
    }
}
