package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.web.RequestTaskScope;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The scope of a request: its work ends with the request. */
class RequestScopeTest {
    private Server server;

    @RestController
    record Pages(Reports reports) {
        /** Answers at once, while a task of the request still runs. */
        @GetMapping("/at-once")
        String atOnce(TaskScope request) {
            request.start("left", () -> reports.build(1));
            return request.name();
        }

        /** Answers with one task of the request, while another runs. */
        @GetMapping("/pages/{id}")
        Future<String> page(TaskScope request) {
            request.start("child", () -> reports.build(1));
            return request.start("answer", () -> reports.build(2));
        }
    }

    // region
    @Service
    record Prices(RequestTaskScope request, Reports reports) {
        Future<List<String>> all(List<Integer> ids) {
            return request.get().gather(ids, reports::build).failFast();
        }
    }

    // endregion

    @RestController
    record PriceController(Prices prices) {
        @GetMapping("/prices")
        Future<List<String>> allPrices() {
            return prices.all(List.of(1, 2));
        }
    }

    @RestController
    record Audits(TaskScope application, HeldReports reports) {
        /** Answers at once. The task that it leaves starts another one when the request is over. */
        @GetMapping("/audit")
        String audit() {
            application.launch(
                    "audit",
                    () -> {
                        reports.build(1);
                        application.start("mail", () -> reports.build(2)).join();
                    });
            return "noted";
        }
    }

    private Server start(WebApplicationType type, Class<?>... settings) {
        server = Server.start(type, List.of(settings));
        return server;
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        server.assertNothingLeft();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void workThatTheAnswerDoesNotWaitForIsCancelled(WebApplicationType type) throws Exception {
        start(type, Pages.class);
        try (Client client = server.client()) {
            String answer = client.get("/at-once").read();
            assertTrue(answer.endsWith("\r\n\r\nGET /at-once"), answer);
        }
        // The body begins, or the cancel comes first (R6).
        server.reports().open();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aClientThatHangsUpCancelsAllWorkOfTheRequest(WebApplicationType type) throws Exception {
        start(type, Pages.class);
        try (Client client = server.client()) {
            client.get("/pages/1");
            HeldReports reports = server.reports();
            assertEquals(Set.of("begun 1", "begun 2"), Set.of(reports.next(), reports.next()));
            client.hangUp();
            assertEquals(
                    Set.of("interrupted 1", "interrupted 2", "ended 1", "ended 2"),
                    Set.of(reports.next(), reports.next(), reports.next(), reports.next()));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void workThatOutlivesItsRequestMayStartMore(WebApplicationType type) throws Exception {
        start(type, Audits.class);
        HeldReports reports = server.reports();
        try (Client client = server.client()) {
            String answer = client.get("/audit").read();
            assertTrue(answer.endsWith("\r\n\r\nnoted"), answer);
        }
        // The server uses the objects of the request for this one.
        try (Client client = server.client()) {
            client.get("/nothing").read();
        }
        assertEquals("begun 1", reports.next());
        reports.open();
        assertEquals("ended 1", reports.next());
        assertEquals("begun 2", reports.next());
        assertEquals("ended 2", reports.next());
    }

    @Test
    void aServiceFindsTheScopeOfTheRequest() throws Exception {
        start(WebApplicationType.SERVLET, Prices.class, PriceController.class);
        server.reports().open();
        try (Client client = server.client()) {
            String answer = client.get("/prices").read();
            assertTrue(answer.endsWith("\r\n\r\n[\"report 1\",\"report 2\"]"), answer);
        }
    }

    @Test
    void outsideOfARequestThereIsNoScopeOfOne() {
        start(WebApplicationType.SERVLET);
        RequestTaskScope request = server.context().getBean(RequestTaskScope.class);
        String message = assertThrows(IllegalStateException.class, request::get).getMessage();
        assertTrue(message.startsWith("this thread handles no request of Spring MVC; "), message);
    }
}
