package io.github.coro4j.spring;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class WebFluxTimeout {
    // region
    @Bean
    WebFilter requestTimeout(@Value("${request-timeout:30s}") Duration limit) {
        return (exchange, chain) -> chain.filter(exchange).timeout(limit, Mono.error(tooLong()));
    }

    private static ResponseStatusException tooLong() {
        return new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
    }
    // endregion
}
