package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Hooks;

/** What a body has of the Reactor context of its request, which Spring Boot gives to the threads of WebFlux if asked to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReactiveContextTest {
    private static final String TRACE = "trace";

    private Server server;

    @RestController
    static class Seen {
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

        String seen() {
            Observation observation = observations.getCurrentObservation();
            String name = observation == null ? null : observation.getContext().getName();
            return "trace=" + MDC.get(TRACE) + " observation=" + name;
        }

        @Bean
        static WebFilter trace() {
            return (exchange, chain) ->
                    chain.filter(exchange).contextWrite(context -> context.put(TRACE, "t1"));
        }
    }

    @BeforeAll
    void startServer() {
        ContextRegistry.getInstance()
                .registerThreadLocalAccessor(
                        TRACE,
                        () -> MDC.get(TRACE),
                        value -> MDC.put(TRACE, value),
                        () -> MDC.remove(TRACE));
        server =
                Server.start(
                        WebApplicationType.REACTIVE,
                        List.of(Seen.class),
                        "spring.reactor.context-propagation=auto");
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        server.assertNothingLeft();
        Seen seen = server.context().getBean(Seen.class);
        String after = server.context().getBean(TaskScope.class).start(seen::seen).join();
        assertEquals("trace=null observation=null", after);
    }

    @AfterAll
    void stopServer() {
        server.close();
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor(TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/thread", "/application", "/request"})
    void aBodyHasWhatTheContextOfItsRequestHas(String path) throws Exception {
        try (Client client = server.client()) {
            String seen = client.get(path).readBody();
            assertEquals("trace=t1 observation=http.server.requests", seen);
        }
    }
}
