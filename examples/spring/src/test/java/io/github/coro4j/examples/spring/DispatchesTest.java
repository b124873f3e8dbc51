package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Future;
import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.filter.OncePerRequestFilter;

/** A request of MVC that is dispatched several times, and a body that runs on after its request. */
class DispatchesTest {
    private Server server;

    @RestController
    record Pages(TaskScope application, HeldReports reports, Late late) {
        @GetMapping("/plain")
        String plain(TaskScope request) {
            return request.name();
        }

        /** Another controller writes a part of the answer, while a task of this request runs. */
        @GetMapping("/include")
        void include(TaskScope request, HttpServletRequest servlet, HttpServletResponse response)
                throws Exception {
            Task<String> report = request.start(() -> reports.build(1));
            servlet.getRequestDispatcher("/part").include(servlet, response);
            reports.open();
            response.getWriter().write(report.join());
        }

        @GetMapping("/part")
        void part(HttpServletResponse response) throws IOException {
            response.getWriter().write("part, ");
        }

        /** The controller itself makes its request asynchronous. */
        @GetMapping("/async")
        void async(TaskScope request, HttpServletRequest servlet) {
            AsyncContext async = servlet.startAsync();
            request.start(() -> reports.build(1))
                    .addDoneCallback(done -> write(async, done.outcome().toString()));
        }

        private static void write(AsyncContext async, String text) {
            try {
                async.getResponse().getWriter().write(text);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } finally {
                async.complete();
            }
        }

        @PostMapping("/form")
        Future<String> form(TaskScope request) {
            return request.start(() -> reports.build(1) + " for " + parameter());
        }

        @GetMapping("/late")
        String runsOn() {
            application.launch(
                    () -> {
                        reports.build(1);
                        late.said.add(said());
                    });
            return "at once";
        }

        private static String said() {
            try {
                return "parameter " + parameter();
            } catch (RuntimeException e) {
                return e.toString();
            }
        }

        private static String parameter() {
            ServletRequestAttributes attributes =
                    (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
            return attributes.getRequest().getParameter("a");
        }
    }

    @Component
    static class Late {
        final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    }

    @Component
    static class Rewrites extends OncePerRequestFilter {
        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            boolean isOld = request.getRequestURI().equals("/old");
            if (isOld && request.getDispatcherType() == DispatcherType.REQUEST) {
                request.getRequestDispatcher("/plain").forward(request, response);
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    @BeforeEach
    void start() {
        List<Class<?>> settings = List.of(Pages.class, Late.class, Rewrites.class);
        server = Server.start(WebApplicationType.SERVLET, settings);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        server.reports().open();
        server.assertNothingLeft();
        server.close();
    }

    private String get(String path) throws IOException {
        try (Client client = server.client()) {
            return client.get(path).read();
        }
    }

    private static void assertEnds(String answer, String end) {
        assertTrue(answer.startsWith("HTTP/1.1 200") && answer.contains(end), answer);
    }

    @Test
    void aForwardedRequestHasAScope() throws Exception {
        assertEnds(get("/old"), "GET /plain");
    }

    @Test
    void anIncludeDoesNotEndTheRequest() throws Exception {
        assertEnds(get("/include"), "part, report 1");
    }

    @Test
    void anAsynchronousRequestOfTheControllerLastsUntilItsEnd() throws Exception {
        try (Client client = server.client()) {
            client.get("/async");
            assertEquals("begun 1", server.reports().next());
            server.reports().open();
            assertEnds(client.read(), "Success[value=report 1]");
        }
    }

    @Test
    void aBodyMayReadAForm() throws Exception {
        try (Client client = server.client()) {
            client.send(
                    "POST /form HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\n"
                            + "Content-Length: 5\r\n\r\na=Ann");
            assertEquals("begun 1", server.reports().next());
            server.reports().open();
            assertEnds(client.read(), "report 1 for Ann");
        }
    }

    @Test
    void aBodyThatOutlivesItsRequestCannotReadIt() throws Exception {
        assertEnds(get("/late?a=Ann"), "at once");
        assertEquals("begun 1", server.reports().next());
        server.reports().open();
        String said = server.context().getBean(Late.class).said.take();
        boolean isRefused = said.contains("the request is over, so getParameter cannot be asked");
        // The body may also begin when the request is over, and then has none.
        assertTrue(isRefused || said.contains("No thread-bound request found"), said);
    }
}
