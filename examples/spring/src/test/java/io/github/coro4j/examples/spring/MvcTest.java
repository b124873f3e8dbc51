package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.coro4j.Task;
import io.github.coro4j.TaskScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** MVC on Tomcat, whose HTTP/1.1 connections the starter checks. */
class MvcTest extends ControllerContract {
    @RestController
    static class Posts {
        private final TaskScope scope;
        private final Reports reports;

        Posts(TaskScope scope, Reports reports) {
            this.scope = scope;
            this.reports = reports;
        }

        @PostMapping("/reports")
        Task<String> read(@RequestBody String id) {
            return scope.start(() -> reports.build(Integer.parseInt(id)));
        }

        @PostMapping("/unread")
        Task<String> unread() {
            return scope.start(() -> reports.build(1));
        }
    }

    @Override
    Server start(String... properties) {
        return Server.start(WebApplicationType.SERVLET, List.of(Posts.class), properties);
    }

    @Test
    void theServerIsTomcat() throws Exception {
        assertEquals("TomcatWebServer", server().kind());
    }

    @Test
    void aClientThatHasSentABodyAndHangsUpCancelsTheTask() throws Exception {
        try (Client client = server().client()) {
            client.post("/reports", "1");
            assertEquals("begun 1", next());
            client.hangUp();
            assertEquals("interrupted 1", next());
        }
    }

    @Test
    void aNextRequestOnTheConnectionIsNoHangUp() throws Exception {
        try (Client client = server().client()) {
            client.getAndStay("/reports/1");
            assertEquals("begun 1", next());
            client.get("/reports/2");
            letTheWatchesLook();
            server().reports().open();
            String answers = client.read();
            assertTrue(answers.startsWith("HTTP/1.1 200"), answers);
            assertTrue(answers.contains("\r\n\r\nreport 1HTTP/1.1 200"), answers);
            assertTrue(answers.endsWith("\r\n\r\nreport 2"), answers);
        }
    }

    @Test
    void aBodyThatIsStillUnreadIsNoHangUp() throws Exception {
        try (Client client = server().client()) {
            client.post("/unread", "a body");
            assertEquals("begun 1", next());
            letTheWatchesLook();
            server().reports().open();
            String answer = client.read();
            assertTrue(answer.endsWith("\r\n\r\nreport 1"), answer);
        }
    }

    /** The watches look at clients in order, so they have looked at all earlier ones when they find these. */
    private void letTheWatchesLook() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Client other = server().client()) {
                other.get("/reports/3");
                assertEquals("begun 3", next());
                other.hangUp();
                assertEquals("interrupted 3", next());
                assertEquals("ended 3", next());
            }
        }
    }
}
