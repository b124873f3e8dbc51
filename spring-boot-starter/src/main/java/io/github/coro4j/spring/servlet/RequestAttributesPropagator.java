package io.github.coro4j.spring.servlet;

import io.github.coro4j.ContextPropagator;
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
    private record Captured(@Nullable BodyRequest request, @Nullable LocaleContext locale) {}

    @Override
    public @Nullable Object capture() {
        BodyRequest request = current();
        LocaleContext locale = resolved(LocaleContextHolder.getLocaleContext());
        return request == null && locale == null ? null : new Captured(request, locale);
    }

    /** Returns the request of this thread, or null if there is none that is open and has a controller. */
    private static @Nullable BodyRequest current() {
        RequestAttributes current = RequestContextHolder.getRequestAttributes();
        BodyRequest request = null;
        if (current instanceof BodyRequest body) {
            request = body;
        } else if (current instanceof ServletRequestAttributes attributes) {
            try {
                request = BodyRequest.of(attributes.getRequest());
            } catch (IllegalStateException e) {
                return null; // the server uses the object for the next request already
            }
        }
        return request == null || request.open().isOver() ? null : request;
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
        BodyRequest request = context == null ? null : context.request();
        boolean isOpen = request != null && !request.open().isOver();
        RequestContextHolder.setRequestAttributes(isOpen ? request : null);
        LocaleContextHolder.setLocaleContext(context == null ? null : context.locale());
        return () -> {
            RequestContextHolder.setRequestAttributes(attributesBefore);
            LocaleContextHolder.setLocaleContext(localeBefore);
        };
    }
}
