package io.github.coro4j.spring.servlet;

import io.github.coro4j.TaskScope;
import io.github.coro4j.spring.web.RequestTaskScope;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/** Finds the scope of the request of the calling thread, also for a parameter of a controller. */
final class CurrentRequest implements RequestTaskScope, HandlerMethodArgumentResolver {
    @Override
    public TaskScope get() {
        RequestAttributes current = RequestContextHolder.getRequestAttributes();
        if (current instanceof BodyRequest body) {
            return body.open().scope(() -> name(body.getRequest()));
        }
        if (current instanceof ServletRequestAttributes attributes) {
            return scopeOf(attributes.getRequest());
        }
        throw new IllegalStateException(
                "this thread handles no request of Spring MVC; inject a TaskScope for work that"
                        + " belongs to no request");
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == TaskScope.class;
    }

    @Override
    public TaskScope resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer view,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return scopeOf((HttpServletRequest) request.getNativeRequest());
    }

    private static TaskScope scopeOf(HttpServletRequest request) {
        BodyRequest body = BodyRequest.of(request);
        if (body == null) {
            throw new IllegalStateException(
                    "the request has no scope before Spring MVC has found its controller; inject a"
                            + " TaskScope for the work of a filter");
        }
        return body.open().scope(() -> name(request));
    }

    /** Names the scope after the pattern, because the name becomes a tag of meters. */
    private static String name(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return pattern == null ? "request" : request.getMethod() + " " + pattern;
    }
}
