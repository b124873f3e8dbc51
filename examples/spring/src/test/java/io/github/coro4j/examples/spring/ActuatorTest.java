package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.Coro4jAutoConfiguration;
import io.github.coro4j.spring.actuate.MetersAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What the actuator shows of the scopes of an application. */
class ActuatorTest {
    private static final String EXPOSED =
            "management.endpoints.web.exposure.include=coro4j,metrics";

    private final ApplicationContextRunner withoutMeters =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    Coro4jAutoConfiguration.class, MetersAutoConfiguration.class));

    @RestController
    static class OfRequest {
        private final Reports reports;

        OfRequest(Reports reports) {
            this.reports = reports;
        }

        @GetMapping("/own/{id}")
        Task<String> one(TaskScope request, @PathVariable int id) {
            return request.start("own report", () -> reports.build(id));
        }
    }

    @Test
    void theEndpointShowsWhatRuns() throws Exception {
        try (Server server = start(EXPOSED, "coro4j.name=shop");
                Client first = server.client();
                Client second = server.client()) {
            first.get("/reports/1");
            second.get("/own/1");
            server.reports().next();
            server.reports().next();

            String answer = get(server, "/actuator/coro4j");
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("\r\nContent-Type: application/json"), answer);
            List<Map<?, ?>> scopes = scopesIn(answer);
            assertEquals(
                    List.of("shop", "GET /own/{id}", TaskScope.global().name()),
                    scopes.stream().map(scope -> scope.get("name")).toList());
            assertEquals(Map.of("report 1", "running"), tasksOf(scopes.get(0)));
            assertEquals(Map.of("own report", "running"), tasksOf(scopes.get(1)));

            server.reports().open();
            first.read();
            second.read();
            server.assertNothingLeft();
        }
    }

    @Test
    void theEndpointIsNotExposedUnlessAsked() throws Exception {
        try (Server server = start()) {
            String answer = get(server, "/actuator/coro4j");
            assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
            server.assertNothingLeft();
        }
    }

    @Test
    void theMetersCountTasks() throws Exception {
        try (Server server = start(EXPOSED, "coro4j.name=shop")) {
            server.reports().open();
            get(server, "/reports/1");
            get(server, "/own/1");
            server.assertNothingLeft();

            String answer = get(server, "/actuator/metrics/coro4j.task.run");
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("\"shop\""), answer);
            assertTrue(answer.contains("\"GET /own/{id}\""), answer);
        }
    }

    @Test
    void anApplicationStartsWithoutAMeterRegistry() {
        withoutMeters.run(
                app -> {
                    assertEquals("done", app.getBean(TaskScope.class).start(() -> "done").join());
                    assertFalse(app.containsBean("coro4jMeters"));
                });
    }

    @Test
    void anApplicationStartsWithoutMicrometer() {
        withoutMeters
                .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(
                        app ->
                                assertEquals(
                                        "done",
                                        app.getBean(TaskScope.class).start(() -> "done").join()));
    }

    private static Server start(String... properties) {
        return Server.start(WebApplicationType.SERVLET, List.of(OfRequest.class), properties);
    }

    private static String get(Server server, String path) throws IOException {
        try (Client client = server.client()) {
            return client.get(path).read();
        }
    }

    @SuppressWarnings("unchecked") // what the JSON parser makes of an array of objects
    private static List<Map<?, ?>> scopesIn(String answer) {
        String json = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return (List<Map<?, ?>>) JsonParserFactory.getJsonParser().parseMap(json).get("scopes");
    }

    private static Map<?, ?> tasksOf(Map<?, ?> scope) {
        List<?> jobs = (List<?>) scope.get("jobs");
        return jobs.stream()
                .map(job -> (Map<?, ?>) job)
                .collect(Collectors.toMap(job -> job.get("name"), job -> job.get("state")));
    }
}
