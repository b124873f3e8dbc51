package io.github.coro4j.examples.spring;

import io.github.coro4j.coroutines.FlowIterator;
import io.github.coro4j.coroutines.Flows;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;

/** Streams of WebFlux whose client hangs up. */
class StreamHangUpTest {
    @ParameterizedTest
    @ValueSource(strings = {"/endless/flow", "/endless/publisher"})
    void aClientThatHangsUpCancelsTheFlow(String path) throws Exception {
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
}
