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
    private record Captured(@Nullable Request request, @Nullable LocaleContext locale) {}

    /** One request, whose objects may be used only until it is over. */
    private record Request(
            HttpServletRequest servlet, @Nullable HttpServletResponse response, OpenRequest open) {

        /** Returns new attributes, because those of the first thread end with the first dispatch of the request. */
        @Nullable RequestAttributes attributes() {
            return open.isOver() ? null : new BodyAttributes(this);
        }
    }

    /** The attributes of a thread that runs a body. Reading them for the next body must not use the request. */
    private static final class BodyAttributes extends ServletRequestAttributes {
        final Request request;

        BodyAttributes(Request request) {
            super(request.servlet(), request.response());
            this.request = request;
        }
    }

    @Override
    public @Nullable Object capture() {
        Request request = current();
        LocaleContext locale = resolved(LocaleContextHolder.getLocaleContext());
        return request == null && locale == null ? null : new Captured(request, locale);
    }

    /** Returns the request of this thread, or null if there is none that is open and has a controller. */
    private static @Nullable Request current() {
        RequestAttributes current = RequestContextHolder.getRequestAttributes();
        if (current instanceof BodyAttributes body) {
            return body.request.open().isOver() ? null : body.request;
        }
        if (!(current instanceof ServletRequestAttributes attributes)) {
            return null;
        }
        try {
            HttpServletRequest servlet = attributes.getRequest();
            OpenRequest open = RequestLife.of(servlet);
            return open == null || open.isOver()
                    ? null
                    : new Request(servlet, attributes.getResponse(), open);
        } catch (IllegalStateException e) {
            return null; // the server uses the object for the next request already
        }
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
        Request request = context == null ? null : context.request();
        RequestContextHolder.setRequestAttributes(request == null ? null : request.attributes());
        LocaleContextHolder.setLocaleContext(context == null ? null : context.locale());
        return () -> {
            RequestContextHolder.setRequestAttributes(attributesBefore);
            LocaleContextHolder.setLocaleContext(localeBefore);
        };
    }
}
