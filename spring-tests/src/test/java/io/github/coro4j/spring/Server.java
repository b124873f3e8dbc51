package io.github.coro4j.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A Spring Boot application on a port of its own. */
final class Server implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({ReportController.class, HeldReports.class})
    static class App {
        final List<FailureReport> failures = new CopyOnWriteArrayList<>();

        // Spring closes it, and so cancels what still runs, when the application stops.
        @Bean
        TaskScope scope() {
            return TaskScope.builder().name("web").failureListener(failures::add).open();
        }
    }

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Server start(WebApplicationType type, Class<?> settings, String... properties) {
        return new Server(
                new SpringApplicationBuilder(App.class, settings)
                        .web(type)
                        .properties(properties)
                        .run());
    }

    WebServer webServer() {
        return ((WebServerApplicationContext) context).getWebServer();
    }

    Client client() throws IOException {
        return new Client(webServer().getPort());
    }

    HeldReports reports() {
        return context.getBean(HeldReports.class);
    }

    List<Task<?>> tasks() {
        return new ArrayList<>(context.getBean(TaskScope.class).tasks());
    }

    /** Waits for what still runs, and fails if anybody's failure was lost. */
    void assertNothingLeft() throws InterruptedException {
        context.getBean(TaskScope.class).join();
        assertEquals(List.of(), context.getBean(App.class).failures, "failure reports");
        TaskScope.global().join();
        assertEquals(Set.of(), TaskScope.global().tasks());
    }

    @Override
    public void close() {
        context.close();
    }
}
