package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.coro4j.coroutines.FlowIterator;
import io.github.coro4j.coroutines.Flows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"/endless/flow", "/endless/publisher"})
    void aClientOfWebFluxThatHangsUpCancelsTheFlow(String path) throws Exception {
        try (Server server = Server.start(WebApplicationType.REACTIVE, List.of(Streams.class));
                Client client = server.client()) {
            Streams streams = server.context().getBean(Streams.class);
            client.get(path);
            awaitReaders(streams, 1);
            // Reactor Netty may miss a hang-up while another thread begins the answer, also of a
            // Flux.
            client.readUntil("data:");
            client.hangUp();
            awaitReaders(streams, 0);
            server.assertNothingLeft();
        }
    }

    private static void awaitReaders(Streams streams, int count) {
        try (FlowIterator<Integer> counts =
                Flows.iterator(streams.endless.getSubscriptionCount())) {
            while (counts.next() != count) {}
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
