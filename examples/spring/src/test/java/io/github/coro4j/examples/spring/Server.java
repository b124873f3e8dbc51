package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.FailureListener;
import io.github.coro4j.FailureReport;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A Spring Boot application on a port of its own, with the starter and the controller of reports. */
final class Server implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({ReportController.class, HeldReports.class})
    static class App {
        final List<FailureReport> failures = new CopyOnWriteArrayList<>();

        @Bean
        FailureListener failures() {
            return failures::add;
        }
    }

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Server start(WebApplicationType type, List<Class<?>> settings, String... properties) {
        List<Class<?>> all = new ArrayList<>(settings);
        all.add(App.class);
        List<String> given =
                new ArrayList<>(List.of("server.port=0", "coro4j.web.hang-up-interval=20ms"));
        given.addAll(Arrays.asList(properties));
        return new Server(
                new SpringApplicationBuilder(all.toArray(Class<?>[]::new))
                        .web(type)
                        .properties(given.toArray(String[]::new))
                        .run());
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    /** The name of the class of the web server, which has another package in each version of Spring Boot. */
    String kind() throws ReflectiveOperationException {
        return context.getClass()
                .getMethod("getWebServer")
                .invoke(context)
                .getClass()
                .getSimpleName();
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", int.class);
    }

    Client client() throws IOException {
        return new Client(port());
    }

    HeldReports reports() {
        return context.getBean(HeldReports.class);
    }

    List<Task<?>> tasks() {
        return new ArrayList<>(context.getBean(TaskScope.class).tasks());
    }

    /** Waits for what still runs, and fails if a failure was lost. */
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
