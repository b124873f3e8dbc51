package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.boot.WebApplicationType;

/** Spring serves streams and stages as it does without the starter. */
class StreamTest {
    private static final String ONE = "{\"cents\":1}";
    private static final String TWO = "[{\"cents\":1},{\"cents\":2}]";

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aStreamIsAJsonArray(WebApplicationType type) throws Exception {
        try (Server server = Server.start(type, List.of(Streams.class))) {
            assertEquals(TWO, get(server, "/flow"));
            assertEquals(TWO, get(server, "/publisher"));
            assertEquals(TWO, get(server, "/flux"));
            assertEquals(ONE, get(server, "/mono"));
            assertEquals(ONE, get(server, "/stage"));
            server.assertNothingLeft();
        }
    }

    /** Netty sends a stream in chunks, which a client of HTTP joins. */
    private static String get(Server server, String path) throws Exception {
        URI address = URI.create("http://localhost:" + server.port() + path);
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        return answer.body();
    }
}
