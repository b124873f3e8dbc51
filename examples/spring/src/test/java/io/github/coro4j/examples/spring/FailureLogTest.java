package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.coro4j.TaskScope;
import jakarta.servlet.Filter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A failure that no code reads, in an application without a failure listener of its own. */
class FailureLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.coro4j");
    private final Records records = new Records();
    private ConfigurableApplicationContext app;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Failing.class)
    static class App {
        @Bean
        Filter trace() {
            return (request, response, chain) -> {
                MDC.put("traceId", "4711");
                try {
                    chain.doFilter(request, response);
                } finally {
                    MDC.clear();
                }
            };
        }
    }

    @RestController
    static class Failing {
        private final TaskScope application;

        Failing(TaskScope application) {
            this.application = application;
        }

        /** Nothing will read the result of a launch, so its failure is reported at once. */
        @GetMapping("/launch")
        String launch() {
            application.launch("audit", Failing::fail);
            return "answered";
        }

        /** Code may still read the result of a task, so its failure is reported when the scope closes. */
        @GetMapping("/start")
        String start(TaskScope request) {
            request.start("audit", () -> fail());
            request.join();
            return "answered";
        }

        private static Void fail() {
            throw new IllegalStateException("no disk");
        }
    }

    private static final class Records extends AppenderBase<ILoggingEvent> {
        final BlockingQueue<ILoggingEvent> all = new LinkedBlockingQueue<>();

        @Override
        protected void append(ILoggingEvent record) {
            record.prepareForDeferredProcessing();
            all.add(record);
        }
    }

    @BeforeEach
    void startServer() {
        app =
                new SpringApplicationBuilder(App.class)
                        .web(WebApplicationType.SERVLET)
                        .properties("server.port=0")
                        .run();
        // Spring Boot sets Logback up when an application starts, which removes all appenders.
        records.start();
        logger.addAppender(records);
        logger.setAdditive(false);
    }

    @AfterEach
    void thereIsNoSecondRecord() {
        app.close();
        logger.detachAppender(records);
        logger.setAdditive(true);
        assertNull(records.all.poll(), "one more record");
        assertTrue(TaskScope.global().tasks().isEmpty(), "work in the global scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/launch", "/start"})
    void anUnreadFailureIsOneErrorRecord(String path) throws Exception {
        ILoggingEvent record = recordAfter(path);
        assertEquals(Level.ERROR, record.getLevel());
        assertEquals("io.github.coro4j", record.getLoggerName());
        assertTrue(record.getMessage().contains("audit"), record.getMessage());
        assertEquals(
                IllegalStateException.class.getName(), record.getThrowableProxy().getClassName());
        assertEquals("no disk", record.getThrowableProxy().getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/launch", "/start"})
    void theRecordHasTheMdcOfTheRequest(String path) throws Exception {
        assertEquals("4711", recordAfter(path).getMDCPropertyMap().get("traceId"));
    }

    private ILoggingEvent recordAfter(String path) throws Exception {
        int port = app.getEnvironment().getRequiredProperty("local.server.port", int.class);
        try (Client client = new Client(port)) {
            assertEquals("answered", client.get(path).readBody());
        }
        return records.all.take();
    }
}
