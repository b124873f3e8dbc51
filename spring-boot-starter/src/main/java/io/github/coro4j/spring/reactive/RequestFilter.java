package io.github.coro4j.spring.reactive;

import io.github.coro4j.spring.PropertyChecks;
import io.github.coro4j.spring.web.OpenRequest;
import io.github.coro4j.spring.web.RequestScopes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Gives each request an {@link OpenRequest}, ends it when the request is over, and limits its time. */
final class RequestFilter implements WebFilter, Ordered {
    private final RequestScopes scopes;
    private final @Nullable Duration timeout;

    RequestFilter(RequestScopes scopes, @Nullable Duration timeout) {
        this.scopes = scopes;
        this.timeout =
                timeout == null
                        ? null
                        : PropertyChecks.positive("coro4j.web.request-timeout", timeout);
    }

    /** Returns a position after the filter of Spring that observes a request, and before those of security. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        OpenRequest open = scopes.begin();
        exchange.getAttributes().put(OpenRequest.ATTRIBUTE, open);
        Mono<Void> handled = chain.filter(exchange);
        if (timeout != null) {
            handled = Mono.firstWithSignal(handled, tooLateAfter(timeout, exchange));
        }
        return handled.doFinally(signal -> open.end());
    }

    /** Fails when the time has passed, unless the answer has begun, such as a stream of events. */
    private static Mono<Void> tooLateAfter(Duration timeout, ServerWebExchange exchange) {
        return Mono.delay(timeout)
                .flatMap(
                        passed ->
                                exchange.getResponse().isCommitted()
                                        ? Mono.never()
                                        : Mono.error(
                                                new ResponseStatusException(
                                                        HttpStatus.SERVICE_UNAVAILABLE)));
    }
}
