package io.github.coro4j.spring.reactive;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.web.OpenRequest;
import java.util.Objects;
import org.springframework.core.MethodParameter;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.SyncHandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;

/** Gives a controller the scope of its request, as a parameter. */
final class TaskScopeArgument implements SyncHandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == TaskScope.class;
    }

    @Override
    public Object resolveArgumentValue(
            MethodParameter parameter, BindingContext context, ServerWebExchange exchange) {
        OpenRequest open = exchange.getRequiredAttribute(OpenRequest.ATTRIBUTE);
        return open.scope(() -> name(exchange));
    }

    /** Names the scope after the pattern, because the name becomes a tag of meters. */
    private static String name(ServerWebExchange exchange) {
        Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String method = exchange.getRequest().getMethod().name();
        return pattern == null ? "request" : method + " " + Objects.toString(pattern);
    }
}
