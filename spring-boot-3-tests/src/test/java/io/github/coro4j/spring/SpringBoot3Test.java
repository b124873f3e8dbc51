package io.github.coro4j.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A user of Spring Boot 3 sets no version: the engine runs on those that Spring Boot manages. */
class SpringBoot3Test {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Reports.class)
    static class App {
        @Bean
        TaskScope scope() {
            return TaskScope.open("web");
        }
    }

    @RestController
    static class Reports {
        private final TaskScope scope;

        Reports(TaskScope scope) {
            this.scope = scope;
        }

        @GetMapping("/reports/{id}")
        CompletableFuture<String> one(@PathVariable int id) {
            return report(id).toCompletableFuture();
        }

        @GetMapping("/reports")
        CompletableFuture<List<String>> all() {
            List<Integer> ids = List.of(1, 2, 3);
            return scope.gather(ids, Reports::build).failFast().toCompletableFuture();
        }

        private Future<String> report(int id) {
            return scope.start("report " + id, () -> build(id)).map(text -> text + "!");
        }

        private static String build(int id) {
            if (id == 0) throw new NoSuchElementException("no report 0");
            return "report " + id;
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.NOT_FOUND)
        String missing(NoSuchElementException thrown) {
            return thrown.getMessage();
        }
    }

    @ParameterizedTest
    @EnumSource(value = WebApplicationType.class, mode = Mode.EXCLUDE, names = "NONE")
    void controller_answersWithItsTasks(WebApplicationType type) throws Exception {
        try (ConfigurableApplicationContext app =
                new SpringApplicationBuilder(App.class)
                        .web(type)
                        .properties("server.port=0", "logging.level.root=error")
                        .run()) {
            String port = app.getEnvironment().getProperty("local.server.port");
            assertEquals("200 report 7!", get(port, "/reports/7"));
            assertEquals("404 no report 0", get(port, "/reports/0"));
            assertEquals("200 [\"report 1\",\"report 2\",\"report 3\"]", get(port, "/reports"));
            assertTrue(app.getBean(TaskScope.class).tasks().isEmpty());
        }
    }

    @Test
    void classPath_hasTheOldestVersions() throws IOException {
        assertEquals(
                System.getProperty("oldest.kotlin.version"),
                kotlin.KotlinVersion.CURRENT.toString());
        assertEquals(System.getProperty("oldest.coroutines.version"), versionOfCoroutines());
    }

    private static String get(String port, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private static String versionOfCoroutines() throws IOException {
        ClassLoader loader = kotlinx.coroutines.Job.class.getClassLoader();
        try (InputStream in =
                loader.getResourceAsStream("META-INF/kotlinx_coroutines_core.version")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
