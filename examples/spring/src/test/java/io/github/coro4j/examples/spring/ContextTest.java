package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** What a body has of the thread that handles its request with MVC. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContextTest {
    private static final String NOTHING =
            "trace=null observation=null user=null path=null locale=null";

    private Server server;

    @RestController
    static class Seen {
        final BlockingQueue<Task<String>> late = new LinkedBlockingQueue<>();
        private final TaskScope application;
        private final ObservationRegistry observations;

        Seen(TaskScope application, ObservationRegistry observations) {
            this.application = application;
            this.observations = observations;
        }

        @GetMapping("/thread")
        String onTheThread() {
            return seen();
        }

        @GetMapping("/application")
        Task<String> inTheApplication() {
            return application.start(this::seen);
        }

        @GetMapping("/request")
        Task<String> inTheRequest(TaskScope request) {
            return request.start(this::seen);
        }

        @GetMapping("/late")
        String startAndForget() {
            late.add(application.start(this::seen));
            return "started";
        }

        @GetMapping("/logout")
        String logOutInABody() {
            application
                    .launch(() -> SecurityContextHolder.getContext().setAuthentication(null))
                    .join();
            return seen();
        }

        @GetMapping("/leave")
        Task<String> leaveThings() {
            return application.start(
                    () -> {
                        MDC.put("trace", "left");
                        SecurityContextHolder.getContext().setAuthentication(user("left"));
                        RequestContextHolder.resetRequestAttributes();
                        LocaleContextHolder.resetLocaleContext();
                        return seen();
                    });
        }

        String seen() {
            Observation observation = observations.getCurrentObservation();
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            LocaleContext locale = LocaleContextHolder.getLocaleContext();
            return "trace=%s observation=%s user=%s path=%s locale=%s"
                    .formatted(
                            MDC.get("trace"),
                            observation == null ? null : observation.getContext().getName(),
                            user == null ? null : user.getName(),
                            path(),
                            locale == null ? null : locale.getLocale());
        }

        private static String path() {
            return RequestContextHolder.getRequestAttributes()
                            instanceof ServletRequestAttributes attributes
                    ? attributes.getRequest().getRequestURI()
                    : null;
        }

        @Bean
        static Filter traceAndUser() {
            return (request, response, chain) -> {
                MDC.put("trace", "t1");
                SecurityContextHolder.getContext().setAuthentication(user("ann"));
                try {
                    chain.doFilter(request, response);
                } finally {
                    MDC.clear();
                    SecurityContextHolder.clearContext();
                }
            };
        }

        /** One thread, so that the next body shows what the last one has left. */
        @Bean
        static ExecutorService oneThread() {
            return Executors.newSingleThreadExecutor();
        }

        private static Authentication user(String name) {
            return new TestingAuthenticationToken(name, "password");
        }
    }

    @BeforeAll
    void startServer() {
        server =
                Server.start(
                        WebApplicationType.SERVLET,
                        List.of(Seen.class),
                        "coro4j.executor=oneThread");
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        server.assertNothingLeft();
        Seen seen = server.context().getBean(Seen.class);
        assertEquals(NOTHING, oneThread().submit(seen::seen).get(), "left on the thread");
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thread", "/application", "/request"})
    void aBodyHasWhatTheThreadOfItsRequestHas(String path) throws Exception {
        assertEquals(seenIn(path, "t1", "ann"), get(path));
    }

    @Test
    void aBodyThatBeginsAfterItsRequestHasNoRequest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        oneThread().execute(() -> awaitOpen(gate));
        try {
            assertEquals("started", get("/late"));
        } finally {
            gate.countDown();
        }
        Task<String> late = server.context().getBean(Seen.class).late.take();
        assertEquals(seenIn(null, "t1", "ann"), late.join());
    }

    @Test
    void aBodyThatLogsItsUserOutChangesNoOtherThread() throws Exception {
        assertEquals(seenIn("/logout", "t1", "ann"), get("/logout"));
    }

    @Test
    void whatABodySetsIsGoneAfterIt() throws Exception {
        String left = "trace=left observation=http.server.requests user=left path=null locale=null";
        assertEquals(left, get("/leave"));
        assertEquals(seenIn("/application", "t1", "ann"), get("/application"));
    }

    private static String seenIn(String path, String trace, String user) {
        return "trace=%s observation=http.server.requests user=%s path=%s locale=fr_CA"
                .formatted(trace, user, path);
    }

    private String get(String path) throws IOException {
        try (Client client = server.client()) {
            return client.get(path, "Accept-Language: fr-CA").readBody();
        }
    }

    private ExecutorService oneThread() {
        return server.context().getBean(ExecutorService.class);
    }

    private static void awaitOpen(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
