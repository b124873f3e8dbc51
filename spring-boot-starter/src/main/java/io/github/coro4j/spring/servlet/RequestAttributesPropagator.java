package io.github.coro4j.spring.servlet;

import io.github.coro4j.ContextPropagator;
import io.github.coro4j.spring.web.OpenRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.i18n.SimpleLocaleContext;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.context.i18n.TimeZoneAwareLocaleContext;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Gives a body the request attributes and the locale of the thread that has started it. A body that begins after the end of
 * the request has no request attributes, because the server uses the objects again for another request.
 */
final class RequestAttributesPropagator implements ContextPropagator {
    /** {@code request} is null if the thread had no request attributes, {@code open} if no controller was chosen yet. */
    private record Captured(
            @Nullable HttpServletRequest request,
            @Nullable HttpServletResponse response,
            @Nullable OpenRequest open,
            @Nullable LocaleContext locale) {

        /** Returns new attributes, because those of the first thread end with the first dispatch of the request. */
        @Nullable RequestAttributes attributes() {
            return request == null || open == null || open.isOver()
                    ? null
                    : new ServletRequestAttributes(request, response);
        }
    }

    @Override
    public @Nullable Object capture() {
        LocaleContext locale = resolved(LocaleContextHolder.getLocaleContext());
        if (RequestContextHolder.getRequestAttributes()
                instanceof ServletRequestAttributes attributes) {
            HttpServletRequest request = attributes.getRequest();
            return new Captured(request, attributes.getResponse(), RequestLife.of(request), locale);
        }
        return locale == null ? null : new Captured(null, null, null, locale);
    }

    /** Copies the locale. Spring's own object reads the request on each call, and the server may use it again by then. */
    private static @Nullable LocaleContext resolved(@Nullable LocaleContext context) {
        if (context == null) {
            return null;
        }
        return context instanceof TimeZoneAwareLocaleContext zoned
                ? new SimpleTimeZoneAwareLocaleContext(zoned.getLocale(), zoned.getTimeZone())
                : new SimpleLocaleContext(context.getLocale());
    }

    @Override
    public Installed install(@Nullable Object captured) {
        RequestAttributes attributesBefore = RequestContextHolder.getRequestAttributes();
        LocaleContext localeBefore = LocaleContextHolder.getLocaleContext();
        Captured context = (Captured) captured;
        RequestContextHolder.setRequestAttributes(context == null ? null : context.attributes());
        LocaleContextHolder.setLocaleContext(context == null ? null : context.locale());
        return () -> {
            RequestContextHolder.setRequestAttributes(attributesBefore);
            LocaleContextHolder.setLocaleContext(localeBefore);
        };
    }
}
