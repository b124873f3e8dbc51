package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Outcome;
import io.github.coro4j.Task;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What holds for a controller that returns a task, whatever serves it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ControllerContract {
    private Server server;

    abstract Server start(String... properties);

    final Server server() {
        return server;
    }

    @BeforeAll
    void startServer() {
        server = start();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        server.reports().open();
        server.assertNothingLeft();
        server.reports().reset();
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @Test
    void theAnswerIsTheResult() throws Exception {
        try (Client client = server.client()) {
            client.get("/reports/1");
            assertEquals("begun 1", server.reports().next());
            server.reports().open();
            String answer = client.read();
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.endsWith("\r\n\r\nreport 1"), answer);
        }
    }

    @Test
    void theAnswerIsTheResultsOfAGroup() throws Exception {
        try (Client client = server.client()) {
            client.get("/reports?ids=1,2");
            server.reports().open();
            String answer = client.read();
            // Some versions of Spring send JSON in chunks.
            assertTrue(answer.contains("\r\n[\"report 1\",\"report 2\"]"), answer);
        }
    }

    @Test
    void anExceptionHandlerGetsWhatTheBodyThrew() throws Exception {
        try (Client client = server.client()) {
            client.get("/reports/" + HeldReports.MISSING);
            server.reports().open();
            String answer = client.read();
            assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
            assertTrue(answer.endsWith("\r\n\r\nno report 404"), answer);
        }
    }

    @Test
    void aClientThatHangsUpCancelsTheTask() throws Exception {
        try (Client client = server.client()) {
            client.get("/reports/1");
            Task<?> task = awaitTask(server);
            client.hangUp();
            assertCancelled(server, task);
        }
    }

    @Test
    void aClientThatHangsUpCancelsAllOfAGroup() throws Exception {
        try (Client client = server.client()) {
            client.get("/reports?ids=1,2");
            assertEquals(Set.of("begun 1", "begun 2"), two(server));
            client.hangUp();
            Set<String> ends = Set.of("interrupted 1", "interrupted 2", "ended 1", "ended 2");
            assertEquals(ends, Set.of(next(), next(), next(), next()));
        }
    }

    @Test
    @Tag("http2")
    void aClientThatHangsUpAnHttp2ConnectionCancelsTheTask() throws Exception {
        try (Client client = server.client()) {
            client.get2("/reports/1");
            Task<?> task = awaitTask(server);
            client.hangUp();
            assertCancelled(server, task);
        }
    }

    @Test
    @Tag("http2")
    void aClientThatTakesItsHttp2RequestBackCancelsTheTask() throws Exception {
        try (Client client = server.client()) {
            client.get2("/reports/1");
            Task<?> task = awaitTask(server);
            client.reset2();
            assertCancelled(server, task);
        }
    }

    @Test
    void aRequestTimeoutCancelsTheTask() throws Exception {
        String[] limits = {
            "coro4j.web.request-timeout=100ms", "spring.mvc.async.request-timeout=100ms"
        };
        try (Server hasty = start(limits)) {
            List<String> steps;
            do {
                try (Client client = hasty.client()) {
                    String answer = client.get("/reports/1").read();
                    assertTrue(answer.startsWith("HTTP/1.1 503"), answer);
                }
                hasty.assertNothingLeft();
                steps = hasty.reports().taken();
                // On a busy machine the time may pass before the body has begun (R6).
            } while (steps.isEmpty());
            assertEquals(List.of("begun 1", "interrupted 1", "ended 1"), steps);
        }
    }

    private static Task<?> awaitTask(Server server) throws InterruptedException {
        assertEquals("begun 1", server.reports().next());
        List<Task<?>> tasks = server.tasks();
        assertEquals(1, tasks.size());
        return tasks.get(0);
    }

    private static void assertCancelled(Server server, Task<?> task) throws InterruptedException {
        assertEquals("interrupted 1", server.reports().next());
        assertEquals("ended 1", server.reports().next());
        assertInstanceOf(Outcome.Cancelled.class, task.joinOutcome());
    }

    private static Set<String> two(Server server) throws InterruptedException {
        return Set.of(server.reports().next(), server.reports().next());
    }

    final String next() throws InterruptedException {
        return server.reports().next();
    }
}
