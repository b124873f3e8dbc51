package io.github.coro4j.spring;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.reactor.netty.NettyWebServer;

/** WebFlux on Reactor Netty: nothing is to be added, but for the timeout. */
class WebFluxTest extends ControllerContract {
    @Override
    Server start(String... properties) {
        return Server.start(WebApplicationType.REACTIVE, WebFluxTimeout.class, properties);
    }

    @Test
    void theServerIsReactorNetty() {
        assertInstanceOf(NettyWebServer.class, server().webServer());
    }
}
