package io.github.coro4j.examples.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;

/** WebFlux on Reactor Netty, which always reads its connections. */
class WebFluxTest extends ControllerContract {
    @Override
    Server start(String... properties) {
        return Server.start(WebApplicationType.REACTIVE, List.of(), properties);
    }

    @Test
    void theServerIsReactorNetty() throws Exception {
        assertEquals("NettyWebServer", server().kind());
    }
}
